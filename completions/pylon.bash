# Completion of pylon for bash. Made by "pylon completion bash"; change the command classes instead.
# Reads .pylon/completion.tsv and the end of .pylon/traces.ndjson of the nearest project; starts no server.

_pylon_commands='dev serve init call traces fns status policy schema migrate seed test codegen doctor explain backup restore config env plugins build deploy cache completion help version'
_pylon_options() {
  case $1 in
    dev) echo '--once --until-success --no-watch --no-codegen --strict-port --reset --yes --run --seed --open --logs --port --host --db --in-memory --functions --workers --bun --allow-insecure-dev --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    serve) echo '--port --host --db --in-memory --functions --workers --bun --allow-insecure-dev --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    init) echo '--template --frontend --yes --no-prompt --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    call) echo '--args --strict --list --stream --no-stream --raw --timing --trace --dry-run --repeat --parallel --watch --timeout --as --tenant --admin --anon --yes-remote --url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    traces) echo '--follow --limit --id --waterfall --values --logs --stats --reverse --fail-on-errors --wait --ndjson --fn --errors --code --slow --kind --since --until --user --tenant --source --url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    fns) echo '--url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    status) echo '--url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    policy) echo '--op --data --as --tenant --admin --anon --yes-remote --url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    schema) echo '--dry-run --sqlite --postgres --from --allow-destructive --limit --id --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    migrate) echo '--db --allow-destructive --rename-table --rename-column --yes --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    seed) echo '--file --port --url --token --token-stdin --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    test) echo '--backend --postgres --timeout --bun --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    codegen) echo '--out --target --functions --bun --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    doctor) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    explain) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    backup) echo '--db --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    restore) echo '--yes --check --db --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    config) echo '--origin --serve --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    env) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    plugins) echo '--out --target --port --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    build) echo '--out --target --port --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    deploy) echo '--out --target --port --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    cache) echo '--out --target --port --json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    completion) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    help) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    version) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
    *) echo '--json --output --color --no-color --quiet --verbose --cwd --help --version' ;;
  esac
}
_pylon_values() { # the values of an option; fails where it takes none
  case $1 in
    --color) echo 'auto always never' ;;
    --kind) echo 'query mutation action' ;;
    --logs) echo 'all errors none' ;;
    --output) echo 'text json ndjson none' ;;
    --target) echo 'ts typescript swift' ;;
    --args | --as | --backend | --bun | --code | --cwd | --data | --db | --file | --fn | --from | --frontend | --functions | --host | --id | --limit | --op | --out | --parallel | --port | --postgres | --rename-column | --rename-table | --repeat | --run | --seed | --since | --slow | --source | --sqlite | --target | --template | --tenant | --timeout | --token | --until | --url | --user | --workers | -n) ;;
    *) return 1 ;;
  esac
}

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
