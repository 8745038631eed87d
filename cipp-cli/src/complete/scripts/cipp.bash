# Completions of cipp for bash. Put it where bash looks:
#   cipp completions bash > ~/.local/share/bash-completion/completions/cipp
_cipp() {
    # Bash takes words apart at "=", ":" and "@"; the line has them whole.
    local line="${COMP_LINE:0:COMP_POINT}" word breaks= kept= value about sign
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[${#words[@]}-1]}
    for sign in : =; do
        [[ $COMP_WORDBREAKS == *"$sign"* ]] && breaks+=$sign
    done
    # Bash replaces what stands behind the last "=" or ":", and of that what begins with the last "@".
    if [[ -n $breaks && $word == *[$breaks]* ]]; then
        kept=${word%"${word##*[$breaks]}"}
    fi
    local rest=${word#"$kept"}
    if [[ $COMP_WORDBREAKS == *@* && $rest == *@* ]]; then
        kept+=${rest%@*}
    fi
    COMPREPLY=()
    local -a abouts=()
    while IFS=$'\t' read -r value about; do
        if [[ $value == :files ]]; then
            compopt -o filenames 2>/dev/null
            rest=${word#"$kept"}
            sign=
            [[ $rest == @* ]] && sign=@
            while IFS= read -r value; do COMPREPLY+=("$sign$value"); done < <(compgen -f -- "${rest#@}")
            return
        fi
        COMPREPLY+=("${value#"$kept"}")
        abouts+=("$about")
    done < <("${words[0]}" complete bash --word="$word" -- "${words[@]:0:${#words[@]}-1}" 2>/dev/null)
    # A flag that waits for its value after "=", or part of a list, goes on without a space.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
    # A list of several says what each means.
    if [[ ${#COMPREPLY[@]} -gt 1 && $COMP_TYPE -eq 63 ]]; then
        local at width=0
        for value in "${COMPREPLY[@]}"; do ((${#value} > width)) && width=${#value}; done
        for at in "${!COMPREPLY[@]}"; do
            if [[ -n ${abouts[at]} ]]; then
                printf -v "COMPREPLY[$at]" "%-*s  (%.*s)" "$width" "${COMPREPLY[at]}" "$((${COLUMNS:-80} - width - 6 > 10 ? ${COLUMNS:-80} - width - 6 : 10))" "${abouts[at]}"
            fi
        done
    fi
}
complete -o nosort -F _cipp cipp 2>/dev/null || complete -F _cipp cipp
