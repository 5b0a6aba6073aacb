function __etl_complete
  set -l line (string join -- ' ' (commandline -cpo))' '
  etl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -v -r '^/|^-[?h]$'
end
complete -c etl -a '(__etl_complete)'
