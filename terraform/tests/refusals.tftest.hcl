# A wrong value is refused before anything is made.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region    = "eu-central-1"
  image_tag = "1.2.3"
}

run "a_moving_tag" {
  command = plan
  variables {
    image_tag = "latest"
  }
  expect_failures = [var.image_tag]
}

run "a_name_in_capitals" {
  command = plan
  variables {
    name = "Etl"
  }
  expect_failures = [var.name]
}

run "a_region_that_is_none" {
  command = plan
  variables {
    region = "Frankfurt"
  }
  expect_failures = [var.region]
}

run "tags_that_are_set_already" {
  command = plan
  variables {
    tags = { environment = "x" }
  }
  expect_failures = [var.tags]
}

run "too_little_memory" {
  command = plan
  variables {
    function = { memory_mb = 128 }
  }
  expect_failures = [var.function]
}

run "a_time_limit_beyond_lambdas" {
  command = plan
  variables {
    function = { timeout_seconds = 901 }
  }
  expect_failures = [var.function]
}

run "runs_beside_one_another" {
  command = plan
  variables {
    function = { reserved_concurrency = 5 }
  }
  expect_failures = [var.function]
}

run "fargate_that_is_not_described" {
  command = plan
  variables {
    runner = "fargate"
  }
  expect_failures = [var.runner]
}

run "a_processor_that_fargate_does_not_have" {
  command = plan
  variables {
    fargate = { cpu = 1000 }
  }
  expect_failures = [var.fargate]
}

run "a_schedule_of_five_fields" {
  command = plan
  variables {
    schedule = { cron = "0 6 * * *" }
  }
  expect_failures = [var.schedule]
}

run "a_schedule_of_every_hour" {
  command = plan
  variables {
    schedule = { cron = "0 * * * ? *" }
  }
  expect_failures = [var.schedule]
}

run "a_zone_by_its_abbreviation" {
  command = plan
  variables {
    schedule = { time_zone = "+02:00" }
  }
  expect_failures = [var.schedule]
}

run "endless_retries_of_the_schedule" {
  command = plan
  variables {
    schedule = { retry_attempts = 185 }
  }
  expect_failures = [var.schedule]
}

run "a_start_of_yesterday" {
  command = plan
  variables {
    schedule = { max_event_age_seconds = 86400 }
  }
  expect_failures = [var.schedule]
}

run "more_retries_than_lambda_makes" {
  command = plan
  variables {
    invocation = { retries = 3 }
  }
  expect_failures = [var.invocation]
}

run "an_address_without_a_host" {
  command = plan
  variables {
    notify_emails = ["data"]
  }
  expect_failures = [var.notify_emails]
}

run "a_retention_that_cloudwatch_lacks" {
  command = plan
  variables {
    log_retention_days = 100
  }
  expect_failures = [var.log_retention_days]
}

run "a_success_alarm_of_less_than_a_day" {
  command = plan
  variables {
    success_alarm_hours = 12
  }
  expect_failures = [var.success_alarm_hours]
}

run "a_negative_budget" {
  command = plan
  variables {
    monthly_budget_usd = -1
  }
  expect_failures = [var.monthly_budget_usd]
}

run "an_existing_bucket_without_its_name" {
  command = plan
  variables {
    source_bucket = { create = false }
  }
  expect_failures = [var.source_bucket]
}

run "a_prefix_that_is_a_pattern" {
  command = plan
  variables {
    source_bucket = { prefix = "in*" }
  }
  expect_failures = [var.source_bucket]
}

run "a_lake_prefix_with_a_slash_at_its_end" {
  command = plan
  variables {
    lake_bucket = { prefix = "out/" }
  }
  expect_failures = [var.lake_bucket]
}

run "all_keys_at_once" {
  command = plan
  variables {
    lake_bucket = { name = "shop", create = false, kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/*" }
  }
  expect_failures = [var.lake_bucket]
}

run "an_encryption_that_is_none" {
  command = plan
  variables {
    bucket_encryption = "none"
  }
  expect_failures = [var.bucket_encryption]
}

run "addresses_that_are_too_few" {
  command = plan
  variables {
    vpc_cidr = "10.0.0.0/28"
  }
  expect_failures = [var.vpc_cidr]
}

run "a_network_in_one_subnet" {
  command = plan
  variables {
    existing_network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], route_table_ids = ["rtb-1"] }
  }
  expect_failures = [var.existing_network]
}

run "endpoints_without_a_route" {
  command = plan
  variables {
    existing_network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"] }
  }
  expect_failures = [var.existing_network]
}

run "an_existing_database_without_its_network" {
  command = plan
  variables {
    existing_database = { host = "db", name = "shop", resource_id = "db-ABC", security_group_id = "sg-1" }
  }
  expect_failures = [var.existing_database]
}

run "an_identifier_for_a_resource_id" {
  command = plan
  variables {
    existing_database = { host = "db", name = "shop", resource_id = "my-database", security_group_id = "sg-1" }
    existing_network  = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], create_endpoints = false }
  }
  expect_failures = [var.existing_database]
}

run "any_database_user" {
  command = plan
  variables {
    database_user = "*"
  }
  expect_failures = [var.database_user]
}

run "storage_that_cannot_grow" {
  command = plan
  variables {
    database = { storage_gb = 100, max_storage_gb = 100 }
  }
  expect_failures = [var.database]
}

run "no_backups" {
  command = plan
  variables {
    database = { backup_days = 0 }
  }
  expect_failures = [var.database]
}

run "a_setting_of_somebody_else" {
  command = plan
  variables {
    settings = { PATH = "/" }
  }
  expect_failures = [var.settings]
}

run "a_setting_that_is_made_here" {
  command = plan
  variables {
    settings = { ETL__LAKE__URI = "s3://elsewhere/" }
  }
  expect_failures = [var.settings]
}

run "a_password_among_the_settings" {
  command = plan
  variables {
    settings = { ETL__MAIL__PASSWORD = "x" }
  }
  expect_failures = [var.settings]
}
