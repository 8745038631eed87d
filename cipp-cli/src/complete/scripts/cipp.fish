# Completions of cipp for fish. Put it where fish looks:
#   cipp completions fish > ~/.config/fish/completions/cipp.fish
function __cipp_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l lines ($words[1] complete fish --word="$word" -- $words 2>/dev/null)
    if test "$lines[1]" = ":files"
        __fish_complete_path (string replace --regex '^.*[=@]' '' -- "$word") | string replace --regex '^' (string match --regex '^.*[=@]' -- "$word"; or echo '')
    else
        printf '%s\n' $lines
    end
end
complete --command cipp --no-files --keep-order --arguments '(__cipp_complete)'
