-- A row a case.
SELECT whole.* FROM whole
