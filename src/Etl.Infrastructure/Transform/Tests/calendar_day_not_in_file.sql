-- severity: warn
-- meaning: days that dim_dates.csv lacks and that were computed from the calendar settings
-- inputs: calendar, run
select c.*
from calendar as c
cross join run
where run.has_dates_file and not c.from_file;
