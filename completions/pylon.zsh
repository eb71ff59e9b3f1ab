#compdef pylon
# Completion of pylon for zsh. Made by "pylon completion zsh"; change the command classes instead.
# Reads .pylon/completion.tsv and the end of .pylon/traces.ndjson of the nearest project; starts no server.

_pylon_commands=(
  'dev:Build a project, serve it, and load every change while you edit.'
  'serve:Serve a project in production.'
  'init:Make a new project that runs at once.'
  'call:Call a function of a running server and print what it returns.'
  'traces:Show what calls did, or follow them as they happen.'
  'fns:List the functions of a running server.'
  'status:Show which server runs here and whether it is healthy.'
  'policy:Explain why a policy lets somebody do something, or does not.'
  'schema:Check a manifest, compare two, bring a database in step.'
  'migrate:Bring the project'\''s database in step, with your own SQL too.'
  'seed:Insert the rows of seed.json into a running server.'
  'test:Run the tests of a project, each file against an empty server of its own.'
  'codegen:Print the manifest of a project, or a typed client for it.'
  'doctor:Look for what is wrong with this project and this machine.'
  'explain:Explain an error code, or show what a manifest declares.'
  'backup:Save rows, manifest and uploads into one file, also while a server runs.'
  'restore:Replace rows, manifest and uploads by those of a backup.'
  'config:Show every setting, its value and where that comes from.'
  'env:List the environment variables pylon reads, and what they do.'
  'plugins:List the plugins there are (a later version).'
  'build:Build static pages of the routes (a later version).'
  'deploy:Write the files that a host needs (a later version).'
  'cache:Run the cache as a server of its own (a later version).'
  'completion:Print the completion script of a shell.'
  'help:Show the commands, or one command'\''s page.'
  'version:Show the version.'
)
_pylon_options() {
  case $1 in
    dev)
      reply=(
        '--once:Build the files and end.'
        '--until-success:End after the first good build and start.'
        '--no-watch:Do not look for changes.'
        '--no-codegen:Write neither pylon.manifest.json nor pylon.client.ts.'
        '--strict-port:Fail where the port is busy, also the default one.'
        '--reset:Begin with an empty database.'
        '--yes:Do not ask before --reset.'
        '--run:Call this function after every good load.'
        '--seed:Insert these rows after the first good load.'
        '--open:Open the description of the API in a browser.'
        '--logs:Calls to show: all, errors or none (all).'
        '--port:Listen on this port; 0 takes any free one (4321, PYLON_PORT).'
        '--host:Listen on these addresses, with commas between (PYLON_HOST).'
        '--db:The SQLite file, or a postgres:// URL (PYLON_DB_PATH).'
        '--in-memory:Use a database that ends with the server (PYLON_IN_MEMORY).'
        '--functions:Where the functions are (PYLON_FUNCTIONS_DIR).'
        '--workers:Bun processes that run functions (1, PYLON_FN_WORKERS).'
        '--bun:The Bun executable (PYLON_BUN).'
        '--allow-insecure-dev:Give other machines what dev mode gives to this one (PYLON_ALLOW_INSECURE_DEV).'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    serve)
      reply=(
        '--port:Listen on this port; 0 takes any free one (4321, PYLON_PORT).'
        '--host:Listen on these addresses, with commas between (PYLON_HOST).'
        '--db:The SQLite file, or a postgres:// URL (PYLON_DB_PATH).'
        '--in-memory:Use a database that ends with the server (PYLON_IN_MEMORY).'
        '--functions:Where the functions are (PYLON_FUNCTIONS_DIR).'
        '--workers:Bun processes that run functions (1, PYLON_FN_WORKERS).'
        '--bun:The Bun executable (PYLON_BUN).'
        '--allow-insecure-dev:Give other machines what dev mode gives to this one (PYLON_ALLOW_INSECURE_DEV).'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    init)
      reply=(
        '--template:What to begin with: basic.'
        '--frontend:The web part: none.'
        '--yes:Ask nothing. Nothing is asked anyway; here for scripts.'
        '--no-prompt:The same as --yes.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    call)
      reply=(
        '--args:Arguments as one object; key=value forms override its keys.'
        '--strict:Refuse arguments the schema does not declare, without calling.'
        '--list:List the functions instead.'
        '--stream:Expect streamed output. Found out by itself; here for scripts.'
        '--no-stream:Ask for the value alone, without streamed output.'
        '--raw:Print a string without its quotes.'
        '--timing:Print the timing line, also into a pipe.'
        '--trace:Print the operations of the call.'
        '--dry-run:Run a mutation, show what it would change, and keep nothing of it.'
        '--repeat:Call this often, and show how long it took.'
        '--parallel:With --repeat: so many at once (1).'
        '--watch:Call again after every reload of the server, and on Enter.'
        '--timeout:Give up after this long without an answer (10m).'
        '--as:Call as this user: an id, "guest", or email:x@y (PYLON_AS).'
        '--tenant:With this active organisation (PYLON_TENANT).'
        '--admin:With admin rights.'
        '--anon:As nobody, whatever PYLON_AS says. This is the default.'
        '--yes-remote:Allow --as and --admin against another machine.'
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    traces)
      reply=(
        '--follow:Go on with the calls to come, also over a restart of the server.'
        '--limit:How many; 0 for all (20, or 5 with --follow).'
        '--id:One call, by its id or the first letters of it.'
        '--waterfall:Each call over time, operation by operation.'
        '--values:Also what the calls returned.'
        '--logs:Also what handlers wrote to the console.'
        '--stats:A table of the functions instead of the calls.'
        '--reverse:Newest first.'
        '--fail-on-errors:Exit 1 if a call shown had failed.'
        '--wait:With --follow: wait for a server however long.'
        '--ndjson:The same as --output=ndjson.'
        '--fn:Calls of these functions; may be repeated.'
        '--errors:Failed calls only.'
        '--code:Calls that failed with this code; may be repeated.'
        '--slow:Calls that took at least this long.'
        '--kind:Calls of one kind of function.'
        '--since:Calls begun after: 15m, 14:30, an ISO time, or "boot".'
        '--until:Calls begun before; with --follow, when to stop.'
        '--user:Calls of this user.'
        '--tenant:Calls in this organisation.'
        '--source:Calls from http, sse, job, cron, workflow, webhook, cli, nested.'
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    fns)
      reply=(
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    status)
      reply=(
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    policy)
      reply=(
        '--op:read (the default), insert, update, delete or action.'
        '--data:The row to add, the fields to change, the input.'
        '--as:Call as this user: an id, "guest", or email:x@y (PYLON_AS).'
        '--tenant:With this active organisation (PYLON_TENANT).'
        '--admin:With admin rights.'
        '--anon:As nobody, whatever PYLON_AS says. This is the default.'
        '--yes-remote:Allow --as and --admin against another machine.'
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    schema)
      reply=(
        '--dry-run:push: say what would be done to an empty database, or since --from.'
        '--sqlite:The database, a file.'
        '--postgres:The database, a Postgres server.'
        '--from:push: what this one had and the new has not is dropped.'
        '--allow-destructive:push: drop columns and tables that are declared no more.'
        '--limit:history: newest entries shown (20).'
        '--id:history: this entry, with its steps.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    migrate)
      reply=(
        '--db:The database; else the one of the project.'
        '--allow-destructive:Drop what was declared and is no more.'
        '--rename-table:What goes on under another name.'
        '--rename-column:The same for a column.'
        '--yes:Ask nothing. Nothing is asked anyway; here for scripts.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    seed)
      reply=(
        '--file:The rows (seed.json); - is standard input.'
        '--port:A server on this port of this machine.'
        '--url:The server; else PYLON_URL, else the one "pylon dev" runs here.'
        '--token:Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
        '--token-stdin:Read the token from standard input.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    test)
      reply=(
        '--backend:sqlite, postgres, or both with a comma between (sqlite).'
        '--postgres:The Postgres server (DATABASE_URL).'
        '--timeout:End a file that takes longer (5m).'
        '--bun:The Bun executable.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    codegen)
      reply=(
        '--out:Write there; printed where absent.'
        '--target:The client'\''s language (ts).'
        '--functions:Where the functions are.'
        '--bun:The Bun executable.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    doctor)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    explain)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    backup)
      reply=(
        '--db:The SQLite file (.pylon/dev.db).'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    restore)
      reply=(
        '--yes:Do not ask.'
        '--check:Change nothing; say whether the file is whole.'
        '--db:The SQLite file (.pylon/dev.db).'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    config)
      reply=(
        '--origin:Show where each value comes from.'
        '--serve:As pylon serve sees it: no env files, and nothing unsafe.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    env)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    plugins)
      reply=(
        '--out:Where to write.'
        '--target:What for.'
        '--port:Where to listen.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    build)
      reply=(
        '--out:Where to write.'
        '--target:What for.'
        '--port:Where to listen.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    deploy)
      reply=(
        '--out:Where to write.'
        '--target:What for.'
        '--port:Where to listen.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    cache)
      reply=(
        '--out:Where to write.'
        '--target:What for.'
        '--port:Where to listen.'
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    completion)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    help)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    version)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
    *)
      reply=(
        '--json:Answer with one JSON document.'
        '--output:Form of the answer.'
        '--color:Use colours.'
        '--no-color:The same as --color=never.'
        '--quiet:Print nothing but the answer and errors.'
        '--verbose:Say more: exchanges with the server, stack traces.'
        '--cwd:Work as if started in DIR.'
        '--help:Show this help.'
        '--version:Show the version.'
      )
      ;;
  esac
}
_pylon_values() { # the values of an option; fails where it takes none
  reply=()
  case $1 in
    --color) reply=(auto always never) ;;
    --kind) reply=(query mutation action) ;;
    --logs) reply=(all errors none) ;;
    --output) reply=(text json ndjson none) ;;
    --target) reply=(ts typescript swift) ;;
    --args|--as|--backend|--bun|--code|--cwd|--data|--db|--file|--fn|--from|--frontend|--functions|--host|--id|--limit|--op|--out|--parallel|--port|--postgres|--rename-column|--rename-table|--repeat|--run|--seed|--since|--slow|--source|--sqlite|--target|--template|--tenant|--timeout|--token|--until|--url|--user|--workers|-n) ;;
    *) return 1 ;;
  esac
}

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
