# Completion of pylon for fish. Made by "pylon completion fish"; change the command classes instead.
# Reads .pylon/completion.tsv and the end of .pylon/traces.ndjson of the nearest project; starts no server.

function __pylon_words # command and further words typed so far, options left out
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '--cwd' $word; or string match -q -- '--output' $word; or string match -q -- '--color' $word
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

function __pylon_needs_command
    test (count (__pylon_words)) = 0
end

function __pylon_command
    set -l typed (__pylon_words)
    test (count $typed) -gt 0; and contains -- $typed[1] $argv
end

function __pylon_needs_function
    set -l typed (__pylon_words)
    test (count $typed) = 1; and contains -- $typed[1] call traces
end

function __pylon_needs_keys
    set -l typed (__pylon_words)
    test (count $typed) -gt 1; and test $typed[1] = call
end

function __pylon_table # the lines of completion.tsv: name, kind, keys
    set -l folder $PWD
    while true
        if test -r $folder/.pylon/completion.tsv
            while read -l line
                echo $line
            end <$folder/.pylon/completion.tsv
            return
        end
        if test -d $folder/functions
            for file in $folder/functions/*.ts $folder/functions/*.js
                printf '%s\t\t\n' (string replace -r '.*/(.*)\.[^.]*$' '$1' -- $file)
            end
            return
        end
        test -n "$folder"; or return
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
end

function __pylon_functions
    for line in (__pylon_table)
        set -l cells (string split \t -- $line)
        printf '%s\t%s\n' $cells[1] $cells[2]
    end
end

function __pylon_keys
    set -l typed (__pylon_words)
    for line in (__pylon_table)
        set -l cells (string split \t -- $line)
        if test "$cells[1]" = $typed[2]
            for key in (string split -n ' ' -- (string replace -a , ' ' -- $cells[3]))
                string match -q -- "$key=*" $typed; or echo $key=
            end
        end
    end
end

function __pylon_traces # the newest calls that were traced
    set -l folder $PWD
    while test -n "$folder"; and not test -r $folder/.pylon/traces.ndjson
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    test -n "$folder"; or return
    tail -n 50 $folder/.pylon/traces.ndjson | string replace -rf '^\{"call_id":"([^"]*)".*"fn_name":"([^"]*)".*' '$1\t$2'
end

complete -c pylon -f
complete -c pylon -n __pylon_needs_function -a '(__pylon_functions)'
complete -c pylon -n __pylon_needs_keys -a '(__pylon_keys)'
complete -c pylon -l fn -x -a '(__pylon_functions)'
complete -c pylon -l id -x -a '(__pylon_traces)'
complete -c pylon -n '__pylon_command help' -a exit-codes
complete -c pylon -n '__pylon_command completion' -a 'bash zsh fish'
complete -c pylon -n __pylon_needs_command -a dev -d 'Build a project, serve it, and load every change while you edit.'
complete -c pylon -n __pylon_needs_command -a serve -d 'Serve a project in production.'
complete -c pylon -n __pylon_needs_command -a init -d 'Make a new project that runs at once.'
complete -c pylon -n __pylon_needs_command -a call -d 'Call a function of a running server and print what it returns.'
complete -c pylon -n __pylon_needs_command -a traces -d 'Show what calls did, or follow them as they happen.'
complete -c pylon -n __pylon_needs_command -a fns -d 'List the functions of a running server.'
complete -c pylon -n __pylon_needs_command -a status -d 'Show which server runs here and whether it is healthy.'
complete -c pylon -n __pylon_needs_command -a policy -d 'Explain why a policy lets somebody do something, or does not.'
complete -c pylon -n __pylon_needs_command -a schema -d 'Check a manifest, compare two, bring a database in step.'
complete -c pylon -n __pylon_needs_command -a migrate -d 'Bring the project'\''s database in step, with your own SQL too.'
complete -c pylon -n __pylon_needs_command -a seed -d 'Insert the rows of seed.json into a running server.'
complete -c pylon -n __pylon_needs_command -a test -d 'Run the tests of a project, each file against an empty server of its own.'
complete -c pylon -n __pylon_needs_command -a codegen -d 'Print the manifest of a project, or a typed client for it.'
complete -c pylon -n __pylon_needs_command -a doctor -d 'Look for what is wrong with this project and this machine.'
complete -c pylon -n __pylon_needs_command -a explain -d 'Explain an error code, or show what a manifest declares.'
complete -c pylon -n __pylon_needs_command -a backup -d 'Save rows, manifest and uploads into one file, also while a server runs.'
complete -c pylon -n __pylon_needs_command -a restore -d 'Replace rows, manifest and uploads by those of a backup.'
complete -c pylon -n __pylon_needs_command -a config -d 'Show every setting, its value and where that comes from.'
complete -c pylon -n __pylon_needs_command -a env -d 'List the environment variables pylon reads, and what they do.'
complete -c pylon -n __pylon_needs_command -a plugins -d 'List the plugins there are (a later version).'
complete -c pylon -n __pylon_needs_command -a build -d 'Build static pages of the routes (a later version).'
complete -c pylon -n __pylon_needs_command -a deploy -d 'Write the files that a host needs (a later version).'
complete -c pylon -n __pylon_needs_command -a cache -d 'Run the cache as a server of its own (a later version).'
complete -c pylon -n __pylon_needs_command -a completion -d 'Print the completion script of a shell.'
complete -c pylon -n __pylon_needs_command -a help -d 'Show the commands, or one command'\''s page.'
complete -c pylon -n __pylon_needs_command -a version -d 'Show the version.'
complete -c pylon -l json -d 'Answer with one JSON document.'
complete -c pylon -l output -x -a 'text json ndjson none' -d 'Form of the answer.'
complete -c pylon -l color -x -a 'auto always never' -d 'Use colours.'
complete -c pylon -l no-color -d 'The same as --color=never.'
complete -c pylon -s q -l quiet -d 'Print nothing but the answer and errors.'
complete -c pylon -s v -l verbose -d 'Say more: exchanges with the server, stack traces.'
complete -c pylon -l cwd -x -d 'Work as if started in DIR.'
complete -c pylon -s h -l help -d 'Show this help.'
complete -c pylon -s V -l version -d 'Show the version.'
complete -c pylon -n '__pylon_command dev' -l once -d 'Build the files and end.'
complete -c pylon -n '__pylon_command dev' -l until-success -d 'End after the first good build and start.'
complete -c pylon -n '__pylon_command dev' -l no-watch -d 'Do not look for changes.'
complete -c pylon -n '__pylon_command dev' -l no-codegen -d 'Write neither pylon.manifest.json nor pylon.client.ts.'
complete -c pylon -n '__pylon_command dev' -l strict-port -d 'Fail where the port is busy, also the default one.'
complete -c pylon -n '__pylon_command dev' -l reset -d 'Begin with an empty database.'
complete -c pylon -n '__pylon_command dev' -s y -l yes -d 'Do not ask before --reset.'
complete -c pylon -n '__pylon_command dev' -l run -x -d 'Call this function after every good load.'
complete -c pylon -n '__pylon_command dev' -l seed -x -d 'Insert these rows after the first good load.'
complete -c pylon -n '__pylon_command dev' -l open -d 'Open the description of the API in a browser.'
complete -c pylon -n '__pylon_command dev' -l logs -x -a 'all errors none' -d 'Calls to show: all, errors or none (all).'
complete -c pylon -n '__pylon_command dev' -l port -x -d 'Listen on this port; 0 takes any free one (4321, PYLON_PORT).'
complete -c pylon -n '__pylon_command dev' -l host -x -d 'Listen on these addresses, with commas between (PYLON_HOST).'
complete -c pylon -n '__pylon_command dev' -l db -x -d 'The SQLite file, or a postgres:// URL (PYLON_DB_PATH).'
complete -c pylon -n '__pylon_command dev' -l in-memory -d 'Use a database that ends with the server (PYLON_IN_MEMORY).'
complete -c pylon -n '__pylon_command dev' -l functions -x -d 'Where the functions are (PYLON_FUNCTIONS_DIR).'
complete -c pylon -n '__pylon_command dev' -l workers -x -d 'Bun processes that run functions (1, PYLON_FN_WORKERS).'
complete -c pylon -n '__pylon_command dev' -l bun -x -d 'The Bun executable (PYLON_BUN).'
complete -c pylon -n '__pylon_command dev' -l allow-insecure-dev -d 'Give other machines what dev mode gives to this one (PYLON_ALLOW_INSECURE_DEV).'
complete -c pylon -n '__pylon_command serve' -l port -x -d 'Listen on this port; 0 takes any free one (4321, PYLON_PORT).'
complete -c pylon -n '__pylon_command serve' -l host -x -d 'Listen on these addresses, with commas between (PYLON_HOST).'
complete -c pylon -n '__pylon_command serve' -l db -x -d 'The SQLite file, or a postgres:// URL (PYLON_DB_PATH).'
complete -c pylon -n '__pylon_command serve' -l in-memory -d 'Use a database that ends with the server (PYLON_IN_MEMORY).'
complete -c pylon -n '__pylon_command serve' -l functions -x -d 'Where the functions are (PYLON_FUNCTIONS_DIR).'
complete -c pylon -n '__pylon_command serve' -l workers -x -d 'Bun processes that run functions (1, PYLON_FN_WORKERS).'
complete -c pylon -n '__pylon_command serve' -l bun -x -d 'The Bun executable (PYLON_BUN).'
complete -c pylon -n '__pylon_command serve' -l allow-insecure-dev -d 'Give other machines what dev mode gives to this one (PYLON_ALLOW_INSECURE_DEV).'
complete -c pylon -n '__pylon_command init' -l template -x -d 'What to begin with: basic.'
complete -c pylon -n '__pylon_command init' -l frontend -x -d 'The web part: none.'
complete -c pylon -n '__pylon_command init' -s y -l yes -d 'Ask nothing. Nothing is asked anyway; here for scripts.'
complete -c pylon -n '__pylon_command init' -l no-prompt -d 'The same as --yes.'
complete -c pylon -n '__pylon_command call' -l args -x -d 'Arguments as one object; key=value forms override its keys.'
complete -c pylon -n '__pylon_command call' -l strict -d 'Refuse arguments the schema does not declare, without calling.'
complete -c pylon -n '__pylon_command call' -l list -d 'List the functions instead.'
complete -c pylon -n '__pylon_command call' -l stream -d 'Expect streamed output. Found out by itself; here for scripts.'
complete -c pylon -n '__pylon_command call' -l no-stream -d 'Ask for the value alone, without streamed output.'
complete -c pylon -n '__pylon_command call' -l raw -d 'Print a string without its quotes.'
complete -c pylon -n '__pylon_command call' -l timing -d 'Print the timing line, also into a pipe.'
complete -c pylon -n '__pylon_command call' -l trace -d 'Print the operations of the call.'
complete -c pylon -n '__pylon_command call' -l dry-run -d 'Run a mutation, show what it would change, and keep nothing of it.'
complete -c pylon -n '__pylon_command call' -l repeat -x -d 'Call this often, and show how long it took.'
complete -c pylon -n '__pylon_command call' -l parallel -x -d 'With --repeat: so many at once (1).'
complete -c pylon -n '__pylon_command call' -l watch -d 'Call again after every reload of the server, and on Enter.'
complete -c pylon -n '__pylon_command call' -l timeout -x -d 'Give up after this long without an answer (10m).'
complete -c pylon -n '__pylon_command call' -l as -x -d 'Call as this user: an id, "guest", or email:x@y (PYLON_AS).'
complete -c pylon -n '__pylon_command call' -l tenant -x -d 'With this active organisation (PYLON_TENANT).'
complete -c pylon -n '__pylon_command call' -l admin -d 'With admin rights.'
complete -c pylon -n '__pylon_command call' -l anon -d 'As nobody, whatever PYLON_AS says. This is the default.'
complete -c pylon -n '__pylon_command call' -l yes-remote -d 'Allow --as and --admin against another machine.'
complete -c pylon -n '__pylon_command call' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command call' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command call' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command traces' -s f -l follow -d 'Go on with the calls to come, also over a restart of the server.'
complete -c pylon -n '__pylon_command traces' -s n -l limit -x -d 'How many; 0 for all (20, or 5 with --follow).'
complete -c pylon -n '__pylon_command traces' -l id -x -d 'One call, by its id or the first letters of it.'
complete -c pylon -n '__pylon_command traces' -l waterfall -d 'Each call over time, operation by operation.'
complete -c pylon -n '__pylon_command traces' -l values -d 'Also what the calls returned.'
complete -c pylon -n '__pylon_command traces' -l logs -d 'Also what handlers wrote to the console.'
complete -c pylon -n '__pylon_command traces' -l stats -d 'A table of the functions instead of the calls.'
complete -c pylon -n '__pylon_command traces' -l reverse -d 'Newest first.'
complete -c pylon -n '__pylon_command traces' -l fail-on-errors -d 'Exit 1 if a call shown had failed.'
complete -c pylon -n '__pylon_command traces' -l wait -d 'With --follow: wait for a server however long.'
complete -c pylon -n '__pylon_command traces' -l ndjson -d 'The same as --output=ndjson.'
complete -c pylon -n '__pylon_command traces' -l fn -x -d 'Calls of these functions; may be repeated.'
complete -c pylon -n '__pylon_command traces' -l errors -d 'Failed calls only.'
complete -c pylon -n '__pylon_command traces' -l code -x -d 'Calls that failed with this code; may be repeated.'
complete -c pylon -n '__pylon_command traces' -l slow -x -d 'Calls that took at least this long.'
complete -c pylon -n '__pylon_command traces' -l kind -x -a 'query mutation action' -d 'Calls of one kind of function.'
complete -c pylon -n '__pylon_command traces' -l since -x -d 'Calls begun after: 15m, 14:30, an ISO time, or "boot".'
complete -c pylon -n '__pylon_command traces' -l until -x -d 'Calls begun before; with --follow, when to stop.'
complete -c pylon -n '__pylon_command traces' -l user -x -d 'Calls of this user.'
complete -c pylon -n '__pylon_command traces' -l tenant -x -d 'Calls in this organisation.'
complete -c pylon -n '__pylon_command traces' -l source -x -d 'Calls from http, sse, job, cron, workflow, webhook, cli, nested.'
complete -c pylon -n '__pylon_command traces' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command traces' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command traces' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command fns' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command fns' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command fns' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command status' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command status' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command status' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command policy' -l op -x -d 'read (the default), insert, update, delete or action.'
complete -c pylon -n '__pylon_command policy' -l data -x -d 'The row to add, the fields to change, the input.'
complete -c pylon -n '__pylon_command policy' -l as -x -d 'Call as this user: an id, "guest", or email:x@y (PYLON_AS).'
complete -c pylon -n '__pylon_command policy' -l tenant -x -d 'With this active organisation (PYLON_TENANT).'
complete -c pylon -n '__pylon_command policy' -l admin -d 'With admin rights.'
complete -c pylon -n '__pylon_command policy' -l anon -d 'As nobody, whatever PYLON_AS says. This is the default.'
complete -c pylon -n '__pylon_command policy' -l yes-remote -d 'Allow --as and --admin against another machine.'
complete -c pylon -n '__pylon_command policy' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command policy' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command policy' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command schema' -l dry-run -d 'push: say what would be done to an empty database, or since --from.'
complete -c pylon -n '__pylon_command schema' -l sqlite -x -d 'The database, a file.'
complete -c pylon -n '__pylon_command schema' -l postgres -x -d 'The database, a Postgres server.'
complete -c pylon -n '__pylon_command schema' -l from -x -d 'push: what this one had and the new has not is dropped.'
complete -c pylon -n '__pylon_command schema' -l allow-destructive -d 'push: drop columns and tables that are declared no more.'
complete -c pylon -n '__pylon_command schema' -l limit -x -d 'history: newest entries shown (20).'
complete -c pylon -n '__pylon_command schema' -l id -x -d 'history: this entry, with its steps.'
complete -c pylon -n '__pylon_command migrate' -l db -x -d 'The database; else the one of the project.'
complete -c pylon -n '__pylon_command migrate' -l allow-destructive -d 'Drop what was declared and is no more.'
complete -c pylon -n '__pylon_command migrate' -l rename-table -x -d 'What goes on under another name.'
complete -c pylon -n '__pylon_command migrate' -l rename-column -x -d 'The same for a column.'
complete -c pylon -n '__pylon_command migrate' -s y -l yes -d 'Ask nothing. Nothing is asked anyway; here for scripts.'
complete -c pylon -n '__pylon_command seed' -l file -x -d 'The rows (seed.json); - is standard input.'
complete -c pylon -n '__pylon_command seed' -l port -x -d 'A server on this port of this machine.'
complete -c pylon -n '__pylon_command seed' -l url -x -d 'The server; else PYLON_URL, else the one "pylon dev" runs here.'
complete -c pylon -n '__pylon_command seed' -l token -x -d 'Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.'
complete -c pylon -n '__pylon_command seed' -l token-stdin -d 'Read the token from standard input.'
complete -c pylon -n '__pylon_command test' -l backend -x -d 'sqlite, postgres, or both with a comma between (sqlite).'
complete -c pylon -n '__pylon_command test' -l postgres -x -d 'The Postgres server (DATABASE_URL).'
complete -c pylon -n '__pylon_command test' -l timeout -x -d 'End a file that takes longer (5m).'
complete -c pylon -n '__pylon_command test' -l bun -x -d 'The Bun executable.'
complete -c pylon -n '__pylon_command codegen' -l out -x -d 'Write there; printed where absent.'
complete -c pylon -n '__pylon_command codegen' -l target -x -a 'ts typescript swift' -d 'The client'\''s language (ts).'
complete -c pylon -n '__pylon_command codegen' -l functions -x -d 'Where the functions are.'
complete -c pylon -n '__pylon_command codegen' -l bun -x -d 'The Bun executable.'
complete -c pylon -n '__pylon_command backup' -l db -x -d 'The SQLite file (.pylon/dev.db).'
complete -c pylon -n '__pylon_command restore' -s y -l yes -d 'Do not ask.'
complete -c pylon -n '__pylon_command restore' -l check -d 'Change nothing; say whether the file is whole.'
complete -c pylon -n '__pylon_command restore' -l db -x -d 'The SQLite file (.pylon/dev.db).'
complete -c pylon -n '__pylon_command config' -l origin -d 'Show where each value comes from.'
complete -c pylon -n '__pylon_command config' -l serve -d 'As pylon serve sees it: no env files, and nothing unsafe.'
complete -c pylon -n '__pylon_command plugins' -l out -x -d 'Where to write.'
complete -c pylon -n '__pylon_command plugins' -l target -x -d 'What for.'
complete -c pylon -n '__pylon_command plugins' -l port -x -d 'Where to listen.'
complete -c pylon -n '__pylon_command build' -l out -x -d 'Where to write.'
complete -c pylon -n '__pylon_command build' -l target -x -d 'What for.'
complete -c pylon -n '__pylon_command build' -l port -x -d 'Where to listen.'
complete -c pylon -n '__pylon_command deploy' -l out -x -d 'Where to write.'
complete -c pylon -n '__pylon_command deploy' -l target -x -d 'What for.'
complete -c pylon -n '__pylon_command deploy' -l port -x -d 'Where to listen.'
complete -c pylon -n '__pylon_command cache' -l out -x -d 'Where to write.'
complete -c pylon -n '__pylon_command cache' -l target -x -d 'What for.'
complete -c pylon -n '__pylon_command cache' -l port -x -d 'Where to listen.'
