# Where in the C sources is it decided? For each rule the functions that name it to have something sent, and for each
# kind of event the functions that emit it, as JSON in C strings, which wasm/layout.c includes:
#
#   {"rules":{"TCP_ACTIVE_OPEN":["transport/tcp_output.c decide_syn"]},
#    "kinds":{"TCP_STATE":["transport/tcp_state.c tcp_set_state"]}}
#
# It is made of the sources at each build, so it is true by itself, and costs nothing where the stack runs. It relies on
# clang-format: what begins in the first column and is followed by a brace there is a function. A comparison decides
# nothing, so `== RULE_X` is left out.

function put(list, name,    site)
{
    site = file " " func_name
    if (name == "NONE" || name ~ /COUNT$/ || ((list, name, site) in seen))
        return
    seen[list, name, site] = 1
    if (!((list, name) in sites))
        order[list, ++count[list]] = name
    sites[list, name] = sites[list, name] (sites[list, name] ? "," : "") "\\\"" site "\\\""
}

function print_list(list, before,    i, name)
{
    printf "\"%s\\\"%s\\\":{\",\n", before, list
    for (i = 1; i <= count[list]; i++) {
        name = order[list, i]
        printf "\"%s\\\"%s\\\":[%s]\",\n", (i > 1 ? "," : ""), name, sites[list, name]
    }
    print "\"}\","
}

function scan(body, list, pattern, prefix,    name)
{
    while (match(body, pattern)) {
        name = substr(body, RSTART, RLENGTH)
        sub(prefix, "", name)
        put(list, name)
        body = substr(body, RSTART + RLENGTH)
    }
}

FNR == 1 { file = FILENAME; sub(/^core\//, "", file); func_name = "" }

/^[A-Za-z].*[a-z0-9_]\(/ && !/;$/ {
    match($0, /[a-z0-9_]+\(/)
    candidate = substr($0, RSTART, RLENGTH - 1)
}

/^{/ { func_name = candidate; body = "" }

func_name { body = body $0 "\n" }

/^}/ && func_name {
    gsub(/[=!]= RULE_[A-Z0-9_]+/, "", body)
    scan(body, "rules", "RULE_[A-Z][A-Z0-9_]+", "^RULE_")
    scan(body, "kinds", "TRACE\\([^,]+,[ \n]+[A-Z][A-Z0-9_]+", "^.*[ \n]")
    scan(body, "kinds", "kind = TRACE_[A-Z][A-Z0-9_]+", "^kind = TRACE_")
    func_name = ""
}

END { print_list("rules", "{"); print_list("kinds", ","); print "\"}\"," }
