# Each bound of a variable has its refusal here, or in refusals.tftest.hcl.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "source_bucket_in_upper_case" {
  command = plan
  variables {
    source_bucket = { name = "Shop" }
  }
  expect_failures = [var.source_bucket]
}

run "source_key_of_a_bucket_that_is_created" {
  command = plan
  variables {
    source_bucket = { kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }
  expect_failures = [var.source_bucket]
}

run "existing_lake_bucket_without_name" {
  command = plan
  variables {
    lake_bucket = { create = false }
  }
  expect_failures = [var.lake_bucket]
}

run "lake_bucket_in_upper_case" {
  command = plan
  variables {
    lake_bucket = { name = "Lake" }
  }
  expect_failures = [var.lake_bucket]
}

run "negative_retention_of_exports" {
  command = plan
  variables {
    lake_bucket = { keep_days = -1 }
  }
  expect_failures = [var.lake_bucket]
}

run "no_range_of_addresses" {
  command = plan
  variables {
    vpc_cidr = "ten/20"
  }
  expect_failures = [var.vpc_cidr]
}

run "network_by_its_name" {
  command = plan
  variables {
    existing_network = { vpc_id = "shop", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
  }
  expect_failures = [var.existing_network]
}

run "database_class_without_prefix" {
  command = plan
  variables {
    database = { instance_class = "t4g.micro" }
  }
  expect_failures = [var.database]
}

run "minor_version_of_the_database" {
  command = plan
  variables {
    database = { engine_version = "17.4" }
  }
  expect_failures = [var.database]
}

run "storage_below_minimum" {
  command = plan
  variables {
    database = { storage_gb = 10 }
  }
  expect_failures = [var.database]
}

run "capacity_above_maximum" {
  command = plan
  variables {
    database = { max_acu = 300 }
  }
  expect_failures = [var.database]
}

run "pause_after_more_than_a_day" {
  command = plan
  variables {
    database = { pause_seconds = 90000 }
  }
  expect_failures = [var.database]
}

run "backups_of_more_than_35_days" {
  command = plan
  variables {
    database = { backup_days = 36 }
  }
  expect_failures = [var.database]
}

run "database_with_a_dash" {
  command = plan
  variables {
    database = { name = "my-shop" }
  }
  expect_failures = [var.database]
}

run "existing_database_by_url" {
  command = plan
  variables {
    existing_database = { host = "https://db", name = "shop", resource_id = "db-ABC", security_group_id = "sg-1" }
    existing_network  = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
  }
  expect_failures = [var.existing_database]
}

run "security_group_by_its_name" {
  command = plan
  variables {
    existing_database = { host = "db", name = "shop", resource_id = "db-ABC", security_group_id = "database" }
    existing_network  = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"] }
  }
  expect_failures = [var.existing_database]
}

run "extensions_with_the_alias_of_a_key" {
  command = plan
  variables {
    extensions = { directory = "s3://shop/extensions", kms_key_arn = "alias/shop" }
  }
  expect_failures = [var.extensions]
}

run "catalog_with_a_dash" {
  command = plan
  variables {
    glue_catalog = { database = "my-shop", first_day = "2026-01-01" }
  }
  expect_failures = [var.glue_catalog]
}

run "alarm_window_of_more_than_a_week" {
  command = plan
  variables {
    outcome_alarm_hours = 200
  }
  expect_failures = [var.outcome_alarm_hours]
}

run "alarm_window_of_half_hours" {
  command = plan
  variables {
    outcome_alarm_hours = 26.5
  }
  expect_failures = [var.outcome_alarm_hours]
}

run "memory_above_maximum" {
  command = plan
  variables {
    function = { memory_mb = 20000 }
  }
  expect_failures = [var.function]
}

run "time_limit_below_minimum" {
  command = plan
  variables {
    function = { timeout_seconds = 10 }
  }
  expect_failures = [var.function]
}

run "ephemeral_storage_below_minimum" {
  command = plan
  variables {
    function = { ephemeral_storage_mb = 100 }
  }
  expect_failures = [var.function]
}

run "ephemeral_storage_above_maximum" {
  command = plan
  variables {
    function = { ephemeral_storage_mb = 20000 }
  }
  expect_failures = [var.function]
}

run "unknown_runner" {
  command = plan
  variables {
    runner = "batch"
  }
  expect_failures = [var.runner]
}

run "negative_retries_of_the_schedule" {
  command = plan
  variables {
    schedule = { retry_attempts = -1 }
  }
  expect_failures = [var.schedule]
}

run "event_age_of_the_schedule_below_minimum" {
  command = plan
  variables {
    schedule = { max_event_age_seconds = 10 }
  }
  expect_failures = [var.schedule]
}

run "event_age_of_an_invocation_below_minimum" {
  command = plan
  variables {
    invocation = { max_event_age_seconds = 10 }
  }
  expect_failures = [var.invocation]
}

run "event_age_of_an_invocation_above_maximum" {
  command = plan
  variables {
    invocation = { max_event_age_seconds = 30000 }
  }
  expect_failures = [var.invocation]
}
