#compdef pylon
# Completion of pylon for zsh. Made by "pylon completion zsh"; change the command classes instead.
# Reads .pylon/completion.tsv and the end of .pylon/traces.ndjson of the nearest project; starts no server.

#COMMANDS#

_pylon_table() { # the lines of completion.tsv: name, kind, keys
  local folder=$PWD file
  reply=()
  while true; do
    if [[ -r $folder/.pylon/completion.tsv ]]; then
      reply=("${(@f)$(<$folder/.pylon/completion.tsv)}")
      return
    fi
    if [[ -d $folder/functions ]]; then
      for file in $folder/functions/*.(ts|js)(N:t:r); do reply+=("$file"$'\t\t'); done
      return
    fi
    [[ -n $folder ]] || return
    folder=${folder%/*}
  done
}

_pylon_functions() {
  local line
  local -a names
  _pylon_table
  for line in $reply; do names+=("${line%%$'\t'*}:${${line#*$'\t'}%%$'\t'*}"); done
  _describe -t functions function names
}

_pylon_traces() { # the newest calls that were traced
  local folder=$PWD
  local -a ids
  while [[ -n $folder && ! -r $folder/.pylon/traces.ndjson ]]; do folder=${folder%/*}; done
  [[ -n $folder ]] || return
  ids=(${(f)"$(tail -n 50 $folder/.pylon/traces.ndjson | sed -n 's/^{"call_id":"\([^"]*\)".*/\1/p')"})
  compadd -- $ids
}

_pylon_keys() { # the arguments of function $1 that the line does not name yet
  local line key
  local -a keys
  _pylon_table
  for line in $reply; do
    [[ ${line%%$'\t'*} == $1 ]] || continue
    for key in ${=${line##*$'\t'}//,/ }; do
      (( ${words[(I)$key=*]} )) || keys+=("$key=")
    done
  done
  compadd -S '' -- $keys
}

_pylon() {
  local cur=${words[CURRENT]} prev=${words[CURRENT - 1]} command='' name='' word i
  local -a reply
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    if [[ $word == -* ]]; then
      [[ $word == *=* ]] || ! _pylon_values $word || ((i++))
    elif [[ -z $command ]]; then
      command=$word
    elif [[ -z $name ]]; then
      name=$word
    fi
  done
  if [[ $cur == --*=* ]]; then
    prev=${cur%%=*}
    compset -P '*='
  fi
  if [[ $prev == -* && $prev != *=* ]] && _pylon_values $prev; then
    if [[ $prev == --fn ]]; then
      _pylon_functions
    elif [[ $prev == --id ]]; then
      _pylon_traces
    elif (( $#reply )); then
      compadd -- $reply
    else
      _files
    fi
  elif [[ $cur == -* ]]; then
    _pylon_options "$command"
    _describe -o option reply
  elif [[ -z $command ]]; then
    _describe command _pylon_commands
  elif [[ -z $name && ($command == call || $command == traces) ]]; then
    _pylon_functions
  elif [[ -z $name && $command == help ]]; then
    _describe command _pylon_commands
    compadd exit-codes
  elif [[ -z $name && $command == completion ]]; then
    compadd bash zsh fish
  elif [[ $command == call && $cur != *=* ]]; then
    _pylon_keys $name
  else
    compset -P '*='
    _files
  fi
}

if [[ $funcstack[1] == _pylon ]]; then
  _pylon "$@"
else
  compdef _pylon pylon
fi
