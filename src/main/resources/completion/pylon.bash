# Completion of pylon for bash. Made by "pylon completion bash"; change the command classes instead.
# Reads .pylon/completion.tsv and the end of .pylon/traces.ndjson of the nearest project; starts no server.

#COMMANDS#

_pylon_table() { # the lines of completion.tsv: name, kind, keys
  local folder=$PWD file line
  while :; do
    if [[ -r $folder/.pylon/completion.tsv ]]; then
      while IFS= read -r line || [[ -n $line ]]; do printf '%s\n' "$line"; done <"$folder/.pylon/completion.tsv"
      return
    fi
    if [[ -d $folder/functions ]]; then
      for file in "$folder"/functions/*.ts "$folder"/functions/*.js; do
        [[ -f $file ]] && file=${file##*/} && printf '%s\t\t\n' "${file%.*}"
      done
      return
    fi
    [[ -n $folder ]] || return
    folder=${folder%/*}
  done
}

_pylon_functions() {
  local name rest
  while IFS=$'\t' read -r name rest; do printf '%s\n' "$name"; done < <(_pylon_table)
}

_pylon_keys() { # the arguments of function $1
  local name kind keys
  while IFS=$'\t' read -r name kind keys; do
    [[ $name == "$1" ]] && printf '%s\n' ${keys//,/ }
  done < <(_pylon_table)
}

_pylon_traces() { # the newest calls that were traced
  local folder=$PWD
  while [[ -n $folder && ! -r $folder/.pylon/traces.ndjson ]]; do folder=${folder%/*}; done
  [[ -n $folder ]] && tail -n 50 "$folder/.pylon/traces.ndjson" | sed -n 's/^{"call_id":"\([^"]*\)".*/\1/p'
}

_pylon() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} word command='' name='' given=' ' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -* ]]; then
      [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i += 2)) && continue
      _pylon_values "$word" >/dev/null && ((i++))
    elif [[ -z $command ]]; then
      command=$word
    elif [[ -z $name ]]; then
      name=$word
    elif [[ ${COMP_WORDS[i + 1]} == '=' ]]; then
      given+="$word "
      ((i += 2))
    fi
  done
  if [[ $prev == '=' ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $cur == '=' ]]; then
    cur='' prev=${COMP_WORDS[COMP_CWORD - 1]}
  fi
  if [[ $prev == -* ]] && _pylon_values "$prev" >/dev/null; then
    if [[ $prev == --fn ]]; then
      COMPREPLY=($(compgen -W "$(_pylon_functions)" -- "$cur"))
    elif [[ $prev == --id ]]; then
      COMPREPLY=($(compgen -W "$(_pylon_traces)" -- "$cur"))
    else
      COMPREPLY=($(compgen -W "$(_pylon_values "$prev")" -- "$cur"))
    fi
    return
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_pylon_options "$command")" -- "$cur"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "$_pylon_commands" -- "$cur"))
  elif [[ -z $name && ($command == call || $command == traces) ]]; then
    COMPREPLY=($(compgen -W "$(_pylon_functions)" -- "$cur"))
  elif [[ -z $name && $command == help ]]; then
    COMPREPLY=($(compgen -W "$_pylon_commands exit-codes" -- "$cur"))
  elif [[ -z $name && $command == completion ]]; then
    COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur"))
  elif [[ $command == call && ${COMP_WORDS[COMP_CWORD - 1]} != '=' && $cur != *=* ]]; then
    compopt -o nospace 2>/dev/null
    for word in $(_pylon_keys "$name"); do
      [[ $given == *" $word "* ]] || COMPREPLY+=($(compgen -W "$word=" -- "$cur"))
    done
  fi
}

complete -o default -F _pylon pylon
