-- What a run leaves for people besides its tables, and what it took.
alter table etl.runs
  -- The run's HTML report; null where none could be written.
  add column report_uri text,
  -- What the invocations that worked on it took: their time together, and the most memory of any.
  add column duration_ms bigint not null default 0,
  add column peak_memory_bytes bigint not null default 0;
