# Validation rejects invalid values before anything is created.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "image_latest" {
  command = plan
  variables {
    image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl:latest"
  }
  expect_failures = [var.image]
}

run "image_of_another_registry" {
  command = plan
  variables {
    image = "docker.io/library/etl:1.2.3"
  }
  expect_failures = [var.image]
}

run "name_in_upper_case" {
  command = plan
  variables {
    name = "Etl"
  }
  expect_failures = [var.name]
}

run "memory_below_minimum" {
  command = plan
  variables {
    function = { memory_mb = 128 }
  }
  expect_failures = [var.function]
}

run "time_limit_above_maximum" {
  command = plan
  variables {
    function = { timeout_seconds = 901 }
  }
  expect_failures = [var.function]
}

run "concurrent_runs" {
  command = plan
  variables {
    function = { reserved_concurrency = 5 }
  }
  expect_failures = [var.function]
}

run "fargate_runner_without_fargate" {
  command = plan
  variables {
    runner = "fargate"
  }
  expect_failures = [var.runner]
}

run "unsupported_fargate_cpu" {
  command = plan
  variables {
    fargate = { cpu = 1000 }
  }
  expect_failures = [var.fargate]
}

run "cron_with_five_fields" {
  command = plan
  variables {
    schedule = { cron = "0 6 * * *" }
  }
  expect_failures = [var.schedule]
}

run "hourly_schedule" {
  command = plan
  variables {
    schedule = { cron = "0 * * * ? *" }
  }
  expect_failures = [var.schedule]
}

run "abbreviated_time_zone" {
  command = plan
  variables {
    schedule = { time_zone = "+02:00" }
  }
  expect_failures = [var.schedule]
}

run "too_many_scheduler_retries" {
  command = plan
  variables {
    schedule = { retry_attempts = 185 }
  }
  expect_failures = [var.schedule]
}

run "event_age_above_maximum" {
  command = plan
  variables {
    schedule = { max_event_age_seconds = 86400 }
  }
  expect_failures = [var.schedule]
}

run "too_many_invocation_retries" {
  command = plan
  variables {
    invocation = { retries = 3 }
  }
  expect_failures = [var.invocation]
}

run "mail_address_without_host" {
  command = plan
  variables {
    notify_emails = ["data"]
  }
  expect_failures = [var.notify_emails]
}

run "unsupported_log_retention" {
  command = plan
  variables {
    log_retention_days = 100
  }
  expect_failures = [var.log_retention_days]
}

run "outcome_alarm_below_a_day" {
  command = plan
  variables {
    outcome_alarm_hours = 12
  }
  expect_failures = [var.outcome_alarm_hours]
}

run "negative_budget" {
  command = plan
  variables {
    monthly_budget_usd = -1
  }
  expect_failures = [var.monthly_budget_usd]
}

run "existing_bucket_without_name" {
  command = plan
  variables {
    source_bucket = { create = false }
  }
  expect_failures = [var.source_bucket]
}

run "prefix_with_wildcard" {
  command = plan
  variables {
    source_bucket = { prefix = "in*" }
  }
  expect_failures = [var.source_bucket]
}

run "lake_prefix_with_trailing_slash" {
  command = plan
  variables {
    lake_bucket = { prefix = "out/" }
  }
  expect_failures = [var.lake_bucket]
}

run "wildcard_key_arn" {
  command = plan
  variables {
    lake_bucket = { name = "shop", create = false, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/*" }
  }
  expect_failures = [var.lake_bucket]
}

run "unknown_encryption" {
  command = plan
  variables {
    bucket_encryption = "none"
  }
  expect_failures = [var.bucket_encryption]
}

run "vpc_cidr_too_small" {
  command = plan
  variables {
    vpc_cidr = "10.0.0.0/28"
  }
  expect_failures = [var.vpc_cidr]
}

run "network_with_one_subnet" {
  command = plan
  variables {
    existing_network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], route_table_ids = ["rtb-1"] }
  }
  expect_failures = [var.existing_network]
}

run "endpoints_without_route_table" {
  command = plan
  variables {
    existing_network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"] }
  }
  expect_failures = [var.existing_network]
}

run "existing_database_without_network" {
  command = plan
  variables {
    existing_database = { host = "db", name = "shop", resource_id = "db-ABC", security_group_id = "sg-1" }
  }
  expect_failures = [var.existing_database]
}

run "instance_identifier_as_resource_id" {
  command = plan
  variables {
    existing_database = { host = "db", name = "shop", resource_id = "my-database", security_group_id = "sg-1" }
    existing_network  = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], endpoints = { s3 = "existing", sns = "existing" } }
  }
  expect_failures = [var.existing_database]
}

run "wildcard_database_user" {
  command = plan
  variables {
    database_user = "*"
  }
  expect_failures = [var.database_user]
}

run "storage_without_growth" {
  command = plan
  variables {
    database = { storage_gb = 100, max_storage_gb = 100 }
  }
  expect_failures = [var.database]
}

run "zero_backup_days" {
  command = plan
  variables {
    database = { backup_days = 0 }
  }
  expect_failures = [var.database]
}

run "setting_of_another_program" {
  command = plan
  variables {
    settings = { PATH = "/" }
  }
  expect_failures = [var.settings]
}

run "setting_of_this_configuration" {
  command = plan
  variables {
    settings = { ETL__LAKE__URI = "s3://elsewhere/" }
  }
  expect_failures = [var.settings]
}

run "password_in_settings" {
  command = plan
  variables {
    settings = { ETL__MAIL__PASSWORD = "x" }
  }
  expect_failures = [var.settings]
}

run "unknown_log_level" {
  command = plan
  variables {
    function = { log_level = "VERBOSE" }
  }
  expect_failures = [var.function]
}

run "too_little_memory_for_the_cpu" {
  command = plan
  variables {
    fargate = { cpu = 1024, memory_mb = 1024 }
  }
  expect_failures = [var.fargate]
}

run "too_much_memory_for_the_cpu" {
  command = plan
  variables {
    fargate = { cpu = 256, memory_mb = 4096 }
  }
  expect_failures = [var.fargate]
}

run "memory_between_the_steps_of_the_cpu" {
  command = plan
  variables {
    fargate = { cpu = 8192, memory_mb = 18432 }
  }
  expect_failures = [var.fargate]
}

run "hour_that_does_not_exist_in_spring" {
  command = plan
  variables {
    schedule = { cron = "30 2 * * ? *", time_zone = "Europe/Berlin" }
  }
  expect_failures = [var.schedule]
}

run "hour_that_does_not_exist_in_spring_with_a_leading_zero" {
  command = plan
  variables {
    schedule = { cron = "30 02 * * ? *", time_zone = "America/New_York" }
  }
  expect_failures = [var.schedule]
}

run "alarm_window_of_an_unknown_schedule" {
  command = plan
  variables {
    schedule = { cron = "0 6 ? * MON *" }
  }
  expect_failures = [var.outcome_alarm_hours]
}

run "zone_of_another_region" {
  command = plan
  variables {
    availability_zones = ["us-east-1a", "us-east-1b"]
  }
  expect_failures = [var.availability_zones]
}

run "one_zone" {
  command = plan
  variables {
    availability_zones = ["eu-central-1a", "eu-central-1a"]
  }
  expect_failures = [var.availability_zones]
}

run "unknown_log_export" {
  command = plan
  variables {
    database = { log_exports = ["audit"] }
  }
  expect_failures = [var.database]
}

run "unknown_kind_of_endpoint" {
  command = plan
  variables {
    existing_network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], route_table_ids = ["rtb-1"], endpoints = { sns = "shared" } }
  }
  expect_failures = [var.existing_network]
}

run "unknown_idle_profile" {
  command = plan
  variables {
    idle = "off"
  }
  expect_failures = [var.idle]
}

run "idle_zero_with_an_existing_lake" {
  command = plan
  variables {
    idle        = "zero"
    lake_bucket = { name = "shop", create = false }
  }
  expect_failures = [var.idle]
}

run "idle_zero_with_endpoints_for_fargate" {
  command = plan
  variables {
    idle    = "zero"
    fargate = {}
  }
  expect_failures = [var.idle]
}

run "idle_zero_without_timeout_of_idle_sessions" {
  command = plan
  variables {
    idle     = "zero"
    database = { engine_version = "13" }
  }
  expect_failures = [var.idle]
}

run "idle_zero_with_a_log_of_instances" {
  command = plan
  variables {
    idle     = "zero"
    database = { log_exports = ["upgrade"] }
  }
  expect_failures = [var.idle]
}

run "capacity_below_minimum" {
  command = plan
  variables {
    database = { max_acu = 0.5 }
  }
  expect_failures = [var.database]
}

run "pause_too_short" {
  command = plan
  variables {
    database = { pause_seconds = 60 }
  }
  expect_failures = [var.database]
}
