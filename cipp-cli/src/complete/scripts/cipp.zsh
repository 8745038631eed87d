#compdef cipp
# Completions of cipp for zsh. Put it into a folder of $fpath, before compinit runs:
#   cipp completions zsh > ~/.zfunc/_cipp
_cipp() {
    local -a values shown
    local line value about
    for line in "${(@f)$(${(Q)words[1]} complete zsh --word="${(Q)PREFIX}" -- "${(@Q)words[1,CURRENT-1]}" 2>/dev/null)}"; do
        if [[ $line == :files ]]; then
            compset -P '*[=@]'
            _files
            return
        fi
        [[ -z $line ]] && continue
        value=${line%%$'\t'*}
        about=${line#*$'\t'}
        values+=("$value")
        shown+=("$value${about:+  -- $about}")
    done
    (( $#values )) || return 1
    # They were chosen already, and one may have been meant by its name.
    if [[ $#values -eq 1 && $values[1] == *= ]]; then
        compadd -U -S '' -V cipp -l -d shown -a values
    else
        compadd -U -V cipp -l -d shown -a values
    fi
}
if [[ $funcstack[1] == _cipp ]]; then
    _cipp "$@"
elif (( $+functions[compdef] )); then
    compdef _cipp cipp
fi
