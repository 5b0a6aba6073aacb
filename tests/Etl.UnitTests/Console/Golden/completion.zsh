#compdef etl
_etl() {
  local line="${(j: :)words[1,CURRENT-1]} "
  local -a found
  found=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null | grep -v -e '^/' -e '^-[?h]$')}")
  compadd -- "${(@)found:#}" || _files
}
compdef _etl etl
