# The exports as tables of the Glue Data Catalog: NAME has the rows of the latest run, NAME_history those of all runs. Athena
# computes the partitions of a history from its days, so that no crawler and no run has to add them. Athena reads a folder with
# its subfolders, so that a day has the rows of all its published runs; docs/data-dictionary.md selects the last one.
locals {
  catalog          = var.glue_catalog == null ? 0 : 1
  catalog_database = try(coalesce(var.glue_catalog.database), replace(var.name, "-", "_"))
  lake_root        = "s3://${local.buckets.lake.name}/${local.lake_prefix}"

  column_form = "^([a-z_][a-z0-9_]{0,62}) (?:(bigint|integer|boolean|date|text)|numeric\\(([0-9]{1,2}, ?[0-9])\\)|id\\((order|product|customer|shipment)\\))$"
  glue_types  = { bigint = "bigint", integer = "int", boolean = "boolean", date = "date", text = "string" }
  # An ID is a number unless its setting says text.
  glue_ids = { for id, setting in {
    order    = "ETL__IDS__ORDER"
    product  = "ETL__IDS__PRODUCT"
    customer = "ETL__IDS__CUSTOMER"
    shipment = "ETL__IDS__SHIPMENT"
  } : id => lower(lookup(var.settings, setting, "number")) == "text" ? "string" : "bigint" }
  catalog_columns = { for table, columns in merge(local.analytics_columns, try(var.glue_catalog.tables, {})) : table => [
    for part in [for column in columns : regex(local.column_form, column)] : {
      name = part[0]
      type = try(local.glue_types[part[1]], local.glue_ids[part[3]], "decimal(${replace(part[2], " ", "")})")
    }
  ] }
  catalog_tables = local.catalog == 0 ? {} : merge(
    { for table, columns in local.catalog_columns : table => {
      description = "Rows of the latest run"
      location    = "${local.lake_root}${format(local.parquet_latest, table)}"
      columns     = columns
      partitions  = {}
    } },
    { for table, columns in local.catalog_columns : "${table}_history" => {
      description = "Rows of all runs, by business date"
      location    = "${local.lake_root}${format(local.parquet_history, table)}"
      columns     = columns
      partitions  = local.day_partition
    } },
  )
  # From the first day to tomorrow in UTC, which can be today's business date in the time zone of the schedule.
  day_partition = {
    "projection.enabled"                     = "true"
    "projection.business_date.type"          = "date"
    "projection.business_date.format"        = "yyyy-MM-dd"
    "projection.business_date.range"         = "${try(var.glue_catalog.first_day, "")},NOW+1DAYS"
    "projection.business_date.interval"      = "1"
    "projection.business_date.interval.unit" = "DAYS"
  }
}

resource "aws_glue_catalog_database" "etl" {
  count = local.catalog

  name        = local.catalog_database
  description = "Exports of the pipeline ${var.name}"
}

resource "aws_glue_catalog_table" "etl" {
  for_each = local.catalog_tables

  name          = each.key
  database_name = aws_glue_catalog_database.etl[0].name
  description   = each.value.description
  table_type    = "EXTERNAL_TABLE"
  parameters = merge(
    { EXTERNAL = "TRUE", classification = "parquet" },
    each.value.partitions,
    length(each.value.partitions) == 0 ? {} : { "storage.location.template" = "${each.value.location}/${local.parquet_partition}" },
  )

  storage_descriptor {
    location      = "${each.value.location}/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }

    dynamic "columns" {
      for_each = each.value.columns
      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }

  dynamic "partition_keys" {
    for_each = length(each.value.partitions) == 0 ? [] : ["business_date"]
    content {
      name = partition_keys.value
      type = "string"
    }
  }
}
