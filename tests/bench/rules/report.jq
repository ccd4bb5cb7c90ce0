# From the lines that scripts/bench-rules collected to its report. $conditions: where and when.

def median: sort | if length == 0 then null else .[(length / 2 | floor)] end;
def round3: if . == null then null else . * 1000 | round / 1000 end;

# Of two subjects of one row, taken within each round, between neighbours in time; then the median.
def ratio($of; $to):
    if $of == null or $to == null then null
    else [range(0; [($of.by_round | length), ($to.by_round | length)] | min)
          | $of.by_round[.] / ([$to.by_round[.], 1e-9] | max)] | median | round3
    end;

map(select(.values)) as $lines
| map(select(.not_run)) as $not_run
| ($lines | map(.row) | reduce .[] as $row ([]; if index($row) then . else . + [$row] end)) as $names
| [$names[] as $name
   | [$lines | map(select(.row == $name)) | group_by(.subject)[]
      | {row: $name, subject: .[0].subject, role: .[0].role, unit: .[0].unit,
         by_round: (sort_by(.round) | map(.values | median)),
         value: (map(.values[]) | median), least: (map(.values[]) | min), most: (map(.values[]) | max)}]
     | (map(select(.role == "peer")) | min_by(.value)) as $peer
     | (map(select(.role == "limit")) | first) as $limit
     | sort_by({ours: 0, limit: 1, peer: 2}[.role], .value)[]
     | (.role == "ours") as $ours
     | {row, subject, value: (.value | round3), unit, least: (.least | round3), most: (.most | round3),
        peer: (if $ours then $peer.subject else null end),
        ratio_to_peer: (if $ours then ratio(.; $peer) else null end),
        limit: (if .role == "limit" then null else $limit.subject end),
        ratio_to_limit: (if .role == "limit" then null else ratio(.; $limit) end)}] as $measured
| [$not_run[] | {row, subject, value: null, unit: null, least: null, most: null, peer: null, ratio_to_peer: null,
                 limit: null, ratio_to_limit: null, not_run}] as $left_out
| {conditions: $conditions,
   rows: [$names[] as $name | ($measured + $left_out)[] | select(.row == $name)]}
