-- A thousand sources: what is known of 203.0.113.40 is known of 960 more.
WITH RECURSIVE n(i) AS (SELECT 40 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
INSERT INTO pair (source, grp, provider, destination, state, since_us, fold, last_us, last_verdict, learned_us, visits)
SELECT printf('203.0.%d.%d', 113 + i / 250, i % 250 + 1), grp, provider, destination, state, since_us, fold,
       last_us, last_verdict, learned_us, visits
FROM n CROSS JOIN pair WHERE pair.source = '203.0.113.40';
