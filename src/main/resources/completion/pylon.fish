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
#COMMANDS#
