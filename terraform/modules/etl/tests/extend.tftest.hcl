# Extensions of a deployment, and its tables in the Glue Data Catalog. Both are off by default.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/etl@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "by_default_there_are_neither_extensions_nor_catalog" {
  assert {
    condition     = length(aws_glue_catalog_database.etl) == 0 && length(aws_glue_catalog_table.etl) == 0 && output.glue_database == null
    error_message = "A catalog was created without glue_catalog."
  }
  assert {
    condition     = length([for key in keys(local.variables) : key if strcontains(key, "EXTENSIONS") || strcontains(key, "FORMATS")]) == 0
    error_message = "Extensions or Parquet are set without a variable."
  }
  assert {
    condition     = length([for statement in local.run_statements : statement if strcontains(statement.Sid, "Extensions")]) == 0
    error_message = "A run can read extensions that it does not have."
  }
}

run "extensions_in_a_bucket_are_read_by_both_kinds_of_runs_and_nothing_else_is" {
  variables {
    fargate    = {}
    extensions = { directory = "s3://shop-code/etl/own", kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222" }
  }
  assert {
    condition = alltrue([for policy in [aws_iam_role_policy.function.policy, aws_iam_role_policy.task[0].policy] : {
      for statement in jsondecode(policy).Statement : statement.Sid => [statement.Action, statement.Resource, try(statement.Condition, null)] if strcontains(statement.Sid, "Extensions")
      } == {
      ListExtensions = ["s3:ListBucket", "arn:aws:s3:::shop-code", { StringEquals = { "s3:prefix" = "etl/own/" } }]
      ReadExtensions = ["s3:GetObject", "arn:aws:s3:::shop-code/etl/own/*", null]
    }])
    error_message = "A run cannot read its extensions, or can read more of their bucket."
  }
  assert {
    condition     = contains([for statement in local.run_statements : statement.Resource if statement.Sid == "UseKeyThroughServices"][0], "arn:aws:kms:eu-central-1:123456789012:key/22222222-2222-2222-2222-222222222222")
    error_message = "A run cannot decrypt its extensions."
  }
  assert {
    condition = (
      aws_lambda_function.etl.environment[0].variables.ETL__EXTENSIONS__DIRECTORY == "s3://shop-code/etl/own" &&
      one([for setting in jsondecode(aws_ecs_task_definition.etl[0].container_definitions)[0].environment : setting.value if setting.name == "ETL__EXTENSIONS__DIRECTORY"]) == "s3://shop-code/etl/own"
    )
    error_message = "Function and task have different extensions."
  }
}

run "extensions_in_the_image_need_no_permission" {
  variables {
    fargate    = {}
    extensions = { directory = "/app/extensions" }
  }
  assert {
    condition = (
      aws_lambda_function.etl.environment[0].variables.ETL__EXTENSIONS__DIRECTORY == "/app/extensions" &&
      one([for setting in jsondecode(aws_ecs_task_definition.etl[0].container_definitions)[0].environment : setting.value if setting.name == "ETL__EXTENSIONS__DIRECTORY"]) == "/app/extensions" &&
      length(local.extension_statements) == 0
    )
    error_message = "The folder of the image is not set, or a permission is given for it."
  }
}

run "the_catalog_has_the_latest_run_and_the_history_of_each_table" {
  variables {
    lake_bucket  = { prefix = "warehouse" }
    glue_catalog = { first_day = "2026-01-31" }
  }
  assert {
    condition     = toset(keys(aws_glue_catalog_table.etl)) == toset(flatten([for table in keys(local.analytics_columns) : [table, "${table}_history"]])) && output.glue_database == "etl"
    error_message = "The catalog lacks a table, or has another one."
  }
  assert {
    condition = (
      aws_glue_catalog_table.etl["daily_orders"].storage_descriptor[0].location == "s3://etl-lake-123456789012-eu-central-1/warehouse/analytics_export/latest/daily_orders/" &&
      length(aws_glue_catalog_table.etl["daily_orders"].partition_keys) == 0 &&
      !contains(keys(aws_glue_catalog_table.etl["daily_orders"].parameters), "projection.enabled")
    )
    error_message = "The table of the latest run has another folder, or partitions."
  }
  assert {
    condition = (
      aws_glue_catalog_table.etl["daily_orders_history"].storage_descriptor[0].location == "s3://etl-lake-123456789012-eu-central-1/warehouse/analytics_export/tables/daily_orders/" &&
      aws_glue_catalog_table.etl["daily_orders_history"].partition_keys[0].name == "business_date" &&
      aws_glue_catalog_table.etl["daily_orders_history"].parameters["projection.business_date.range"] == "2026-01-31,NOW+1DAYS" &&
      aws_glue_catalog_table.etl["daily_orders_history"].parameters["storage.location.template"] == "s3://etl-lake-123456789012-eu-central-1/warehouse/analytics_export/tables/daily_orders/business_date=$${business_date}"
    )
    error_message = "The history has other partitions than the exports."
  }
  assert {
    condition = { for column in aws_glue_catalog_table.etl["product_performance"].storage_descriptor[0].columns : column.name => column.type if contains(["product_id", "product_name", "revenue"], column.name) } == {
      product_id   = "bigint"
      product_name = "string"
      revenue      = "decimal(20,2)"
    }
    error_message = "A column has another type than the file."
  }
  assert {
    condition     = local.variables.ETL__LAKE__FORMATS__0 == "Parquet"
    error_message = "The files of the tables are not exported."
  }
}

run "own_tables_and_text_ids_are_in_the_catalog" {
  variables {
    name         = "shop-night"
    settings     = { ETL__IDS__PRODUCT = "Text" }
    glue_catalog = { first_day = "2026-01-31", tables = { returns_by_month = ["return_month date", "product_id id(product)", "order_id id(order)", "returns integer", "late boolean", "refund numeric(20, 2)"] } }
  }
  assert {
    condition = { for column in aws_glue_catalog_table.etl["returns_by_month_history"].storage_descriptor[0].columns : column.name => column.type } == {
      return_month = "date"
      product_id   = "string"
      order_id     = "bigint"
      returns      = "int"
      late         = "boolean"
      refund       = "decimal(20,2)"
    }
    error_message = "A column of an own table has another type than the file."
  }
  assert {
    condition     = [for column in aws_glue_catalog_table.etl["product_performance"].storage_descriptor[0].columns : column.type if column.name == "product_id"] == ["string"] && output.glue_database == "shop_night"
    error_message = "The setting of the IDs, or the name of the deployment, is not followed."
  }
}

run "a_bucket_without_a_folder" {
  command = plan
  variables {
    extensions = { directory = "s3://shop-code" }
  }
  expect_failures = [var.extensions]
}

run "extensions_by_a_wildcard" {
  command = plan
  variables {
    extensions = { directory = "s3://shop-code/*" }
  }
  expect_failures = [var.extensions]
}

run "a_key_without_a_bucket" {
  command = plan
  variables {
    extensions = { directory = "/app/extensions", kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }
  expect_failures = [var.extensions]
}

run "the_directory_as_a_setting" {
  command = plan
  variables {
    settings = { ETL__EXTENSIONS__DIRECTORY = "/app/extensions" }
  }
  expect_failures = [var.settings]
}

run "a_first_day_that_is_none" {
  command = plan
  variables {
    glue_catalog = { first_day = "2026-02-30" }
  }
  expect_failures = [var.glue_catalog]
}

run "a_column_of_an_unknown_type" {
  command = plan
  variables {
    glue_catalog = { first_day = "2026-01-31", tables = { returns_by_month = ["refund money"] } }
  }
  expect_failures = [var.glue_catalog]
}

run "a_built_in_table_as_an_own_one" {
  command = plan
  variables {
    glue_catalog = { first_day = "2026-01-31", tables = { daily_orders = ["order_date date"] } }
  }
  expect_failures = [var.glue_catalog]
}
