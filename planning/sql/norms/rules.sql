-- Every rule ever entered, by place in the rulebook, with who compared it with the text.
SELECT rule.id, rule.code, norm.position, rule.version, rule.regulation, rule.clause, rule.quote_vi, rule.quote_en,
       rule.source, rule.valid_from, rule.valid_to, rule.reaches_by, rule.zone_kinds, rule.plan_levels, rule.measure,
       rule.categories, rule.people, rule.above_storeys, rule.comparison, rule.threshold, rule.name_vi, rule.name_en,
       rule.recorded_by, rule.recorded_at, seen.seen_in, seen.confirmed_by, seen.confirmed_at
FROM land.norm_rule AS rule
JOIN land.norm ON norm.code = rule.code
LEFT JOIN land.norm_confirmation AS seen ON seen.rule_id = rule.id
ORDER BY norm.position, rule.version
