variable "extensions" {
  description = <<-EOT
    Datasets, analytics tables and data tests of your own, see docs/extensions.md: directory (a folder in the image, such as "/app/extensions", or
    s3://BUCKET/PREFIX, which a run can then read) and kms_key_arn, the key that encrypts this bucket, if any. null for none.
  EOT
  type = object({
    directory   = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = var.extensions == null ? true : (
      can(regex("^/[A-Za-z0-9_./-]+$", var.extensions.directory)) || can(regex(local.bucket_folder, var.extensions.directory))
    )
    error_message = "Set extensions.directory to the path of a folder in the image, such as \"/app/extensions\", or to s3://BUCKET/PREFIX without trailing slash and without * and ?."
  }
  validation {
    condition     = try(var.extensions.kms_key_arn, null) == null ? true : startswith(var.extensions.directory, "s3://") && can(regex("^arn:[^:]+:kms:[^*]+:key/[^*]+$", var.extensions.kms_key_arn))
    error_message = "Set extensions.kms_key_arn to the ARN of one key, and only for a directory in a bucket."
  }
}

variable "glue_catalog" {
  description = <<-EOT
    Tables of the Glue Data Catalog over the exports, for Athena, which also turns on the export as Parquet: first_day (the first business date,
    yyyy-MM-dd), database (default: the name of the deployment with _ for -) and tables (your own analytics tables with their columns and types as
    in the header of their file, such as { returns_by_month = ["return_month date", "refund numeric(20, 2)"] }). null creates none.
  EOT
  type = object({
    first_day = string
    database  = optional(string)
    tables    = optional(map(list(string)), {})
  })
  default = null

  validation {
    condition     = var.glue_catalog == null ? true : can(formatdate("YYYY-MM-DD", "${var.glue_catalog.first_day}T00:00:00Z"))
    error_message = "Set glue_catalog.first_day to the first business date, such as \"2026-01-31\"."
  }
  validation {
    condition     = try(var.glue_catalog.database, null) == null ? true : can(regex("^[a-z][a-z0-9_]{0,126}$", var.glue_catalog.database))
    error_message = "Set glue_catalog.database to lower-case letters, digits and underscores, beginning with a letter."
  }
  validation {
    condition     = var.glue_catalog == null ? true : alltrue([for column in flatten(values(var.glue_catalog.tables)) : can(regex(local.column_form, column))])
    error_message = "Write each column in glue_catalog.tables as its name and type: bigint, integer, boolean, date, text, numeric(p, s), or id(order), id(product), id(customer), id(shipment)."
  }
  validation {
    condition     = var.glue_catalog == null ? true : length(setintersection(keys(var.glue_catalog.tables), keys(local.analytics_columns))) == 0
    error_message = "Remove the built-in tables from glue_catalog.tables: ${join(", ", keys(local.analytics_columns))}."
  }
}
