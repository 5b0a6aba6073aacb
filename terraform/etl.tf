# Generated from modules/etl by tests/Etl.ArchitectureTests with ETL_GOLDEN=write. Change the module instead.

module "etl" {
  source = "./modules/etl"
  count  = var.registry_only ? 0 : 1

  name                      = var.name
  image                     = local.image
  allow_destroy             = var.allow_destroy
  settings                  = var.settings
  function                  = var.function
  runner                    = var.runner
  fargate                   = var.fargate
  loaders                   = var.loaders
  schedule                  = var.schedule
  invocation                = var.invocation
  marker_trigger            = var.marker_trigger
  source_bucket             = var.source_bucket
  lake_bucket               = var.lake_bucket
  bucket_encryption         = var.bucket_encryption
  vpc_cidr                  = var.vpc_cidr
  availability_zones        = var.availability_zones
  existing_network          = var.existing_network
  idle                      = var.idle
  database                  = var.database
  existing_database         = var.existing_database
  database_user             = var.database_user
  database_root_certificate = var.database_root_certificate
  extensions                = var.extensions
  glue_catalog              = var.glue_catalog
  notify_emails             = var.notify_emails
  log_retention_days        = var.log_retention_days
  outcome_alarm_hours       = var.outcome_alarm_hours
  monthly_budget_usd        = var.monthly_budget_usd
}

variable "name" {
  description = "Name of the deployment and prefix of every resource name: 2 to 20 lower-case letters, digits and dashes."
  type        = string
  default     = "etl"
}

variable "allow_destroy" {
  description = "Whether terraform destroy can delete buckets with their objects and the database without a final snapshot. Set true for trials only."
  type        = bool
  default     = false
}

variable "settings" {
  description = "Additional settings of the pipeline as environment variables, such as ETL__QUALITY__MAXREJECTEDPERCENT = \"2\"; see docs/configuration.md."
  type        = map(string)
  default     = {}
}

variable "function" {
  description = <<-EOT
    The Lambda function: memory_mb (1769 gives one vCPU), timeout_seconds (a run stops 20 s before it), ephemeral_storage_mb,
    reserved_concurrency (1, or -1 for none if the account's limit is too low to reserve any), tracing (X-Ray),
    log_level (TRACE, DEBUG, INFO, WARN, ERROR or FATAL; DEBUG has the stack trace of every error).
  EOT
  type = object({
    memory_mb            = optional(number, 1769)
    timeout_seconds      = optional(number, 600)
    ephemeral_storage_mb = optional(number, 512)
    reserved_concurrency = optional(number, 1)
    tracing              = optional(bool, false)
    log_level            = optional(string, "INFO")
  })
  default  = {}
  nullable = false
}

variable "runner" {
  description = "Target of the daily schedule: \"lambda\", or \"fargate\" for runs longer than 15 minutes."
  type        = string
  default     = "lambda"
}

variable "fargate" {
  description = "A Fargate task with the same image, started manually or by the schedule (see runner): cpu in units (1024 is one vCPU) and memory_mb. null creates none."
  type = object({
    cpu       = optional(number, 1024)
    memory_mb = optional(number, 2048)
  })
  default = null
}

variable "loaders" {
  description = <<-EOT
    Further Fargate tasks that load parts of a run in progress, for datasets of many files; they need fargate and start when a run requests them: tasks (0 to 10 for
    each run; 0 creates none), cpu and memory_mb of each as in fargate. The run itself claims parts, too (ETL__RUN__LOADERS, 1 by default then).
  EOT
  type = object({
    tasks     = optional(number, 0)
    cpu       = optional(number, 1024)
    memory_mb = optional(number, 2048)
  })
  default  = {}
  nullable = false
}

variable "schedule" {
  description = <<-EOT
    The schedule: cron (six fields of EventBridge Scheduler), time_zone (IANA; the business date is the scheduled day in this zone), enabled,
    retry_attempts and max_event_age_seconds (how often and how long the scheduler retries to start the run).
  EOT
  type = object({
    cron                  = optional(string, "0 6 * * ? *")
    time_zone             = optional(string, "UTC")
    enabled               = optional(bool, true)
    retry_attempts        = optional(number, 3)
    max_event_age_seconds = optional(number, 3600)
  })
  default  = {}
  nullable = false
}

variable "invocation" {
  description = "Retries of a failed invocation by Lambda: retries (0 to 2; a rerun of a day is safe) and max_event_age_seconds, after which the event goes to the dead-letter queue."
  type = object({
    retries               = optional(number, 1)
    max_event_age_seconds = optional(number, 3600)
  })
  default  = {}
  nullable = false
}

variable "marker_trigger" {
  description = "Whether the marker (_SUCCESS, or the setting ETL__DELIVERY__MARKER) that arrives in the source starts a run, in addition to the schedule."
  type        = bool
  default     = false
}

variable "source_bucket" {
  description = <<-EOT
    The source of the snapshots: prefix (a folder, "" for the bucket itself), dated (whether the files of a day are in PREFIX/yyyy-MM-dd),
    name (default NAME-source-ACCOUNT-REGION). create = false uses an existing bucket without changing it; kms_key_arn is the key that encrypts it, if any.
  EOT
  type = object({
    name        = optional(string)
    create      = optional(bool, true)
    prefix      = optional(string, "incoming")
    dated       = optional(bool, false)
    kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false
}

variable "lake_bucket" {
  description = <<-EOT
    The target of the exports, PREFIX/analytics_export: prefix ("" for the bucket itself), name (default NAME-lake-ACCOUNT-REGION), keep_days
    (retention of the exports of a run in days; 0 keeps all). create = false uses an existing bucket without changing it; kms_key_arn is the key that encrypts it, if any.
  EOT
  type = object({
    name        = optional(string)
    create      = optional(bool, true)
    prefix      = optional(string, "")
    keep_days   = optional(number, 0)
    kms_key_arn = optional(string)
  })
  default  = {}
  nullable = false
}

variable "bucket_encryption" {
  description = "Encryption of the buckets of this deployment: \"aws:kms\" with the deployment's key, or \"AES256\" with keys of S3 (no charge per request)."
  type        = string
  default     = "aws:kms"
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC of this deployment, /16 to /24."
  type        = string
  default     = "10.42.0.0/22"
}

variable "availability_zones" {
  description = "Names of the two availability zones of the new VPC, such as [\"eu-central-1a\", \"eu-central-1b\"]. null takes the first two of the region, which can change for a new deployment."
  type        = list(string)
  default     = null
}

variable "existing_network" {
  description = <<-EOT
    An existing VPC to use instead of a new one: vpc_id, subnet_ids (private, in two zones), route_table_ids of these subnets, and
    endpoints: for s3, sns, and fargate (registry and logs) "new" creates the endpoint, "existing" uses the VPC's, and "none" needs another
    route to the internet, such as a NAT gateway.
  EOT
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    route_table_ids = optional(list(string), [])
    endpoints = optional(object({
      s3      = optional(string, "new")
      sns     = optional(string, "new")
      fargate = optional(string, "new")
    }), {})
  })
  default = null
}

variable "idle" {
  description = <<-EOT
    What exists between runs: "ready" is an RDS instance and an SNS endpoint, always on. "zero" is an Aurora Serverless cluster that pauses, and a
    second function, outside the VPC, that publishes the messages; a start waits up to 90 seconds until the cluster has resumed.
  EOT
  type        = string
  default     = "ready"
}

variable "database" {
  description = <<-EOT
    The new database. With idle = "ready", an instance: instance_class, storage_gb and max_storage_gb (storage autoscaling). With idle = "zero", a cluster:
    max_acu and pause_seconds (without a connection, until it pauses). Both: engine_version (major), multi_az (a second instance),
    performance_insights, backup_days, name, log_exports (postgresql, upgrade), apply_immediately (changes at once, not in the maintenance window),
    allow_major_version_upgrade (required to change engine_version), extended_support (paid updates after the end of standard support; fixed when the instance is created). RDS keeps and rotates the master password in Secrets Manager.
  EOT
  type = object({
    instance_class       = optional(string, "db.t4g.micro")
    engine_version       = optional(string, "17")
    storage_gb           = optional(number, 20)
    max_storage_gb       = optional(number, 100)
    max_acu              = optional(number, 4)
    pause_seconds        = optional(number, 300)
    multi_az             = optional(bool, false)
    performance_insights = optional(bool, false)
    backup_days          = optional(number, 7)
    name                 = optional(string, "shop")
    log_exports          = optional(list(string), [])
    apply_immediately    = optional(bool, false)
    extended_support     = optional(bool, false)

    allow_major_version_upgrade = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "existing_database" {
  description = <<-EOT
    An existing RDS or Aurora PostgreSQL to use instead of a new one: host (the endpoint of the instance or cluster), port, name, resource_id (db-… or
    cluster-…, used in the login permission) and security_group_id, which gets a rule for the pipeline. IAM authentication and rds.force_ssl must be on.
  EOT
  type = object({
    host              = string
    port              = optional(number, 5432)
    name              = string
    resource_id       = string
    security_group_id = string
  })
  default = null
}

variable "database_user" {
  description = "Database user of the pipeline; docs/roles-iam.sql creates it."
  type        = string
  default     = "etl_loader"
}

variable "database_root_certificate" {
  description = "File in the image with the certificates of the RDS certificate authorities, used to verify the server. null uses the system's certificates."
  type        = string
  default     = "/app/certificates/rds.pem"
}

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
}

variable "notify_emails" {
  description = "Mail addresses for run messages and alarms. Each address must confirm the subscription once."
  type        = list(string)
  default     = []
}

variable "log_retention_days" {
  description = "Retention of the logs in days."
  type        = number
  default     = 90
}

variable "outcome_alarm_hours" {
  description = "Hours without the outcome of a run, a success or a reported failure, before the alarm. Use more than 24, so that a run that is slower than the day before raises none. null: 26 for a daily schedule, 74 for one from Monday to Friday."
  type        = number
  default     = null
}

variable "monthly_budget_usd" {
  description = "Monthly budget in US dollars; a notification is sent at 80 % of actual and 100 % of forecast costs. 0 creates no budget."
  type        = number
  default     = 50
}

output "function_name" {
  description = "Name of the function."
  value       = one(module.etl[*].function_name)
}

output "function_role" {
  description = "ARN of the role under which a run works."
  value       = one(module.etl[*].function_role)
}

output "topic" {
  description = "ARN of the SNS topic for run messages and alarms."
  value       = one(module.etl[*].topic)
}

output "source_uri" {
  description = "S3 location of the daily snapshots."
  value       = one(module.etl[*].source_uri)
}

output "lake_uri" {
  description = "S3 location of the exports."
  value       = one(module.etl[*].lake_uri)
}

output "database" {
  description = "Host, port, name and user of the database; ARN of its cluster (null for an instance); its administrator, and the ARN of the secret with the administrator's password (null for an existing database)."
  value       = one(module.etl[*].database)
}

output "set_up_database" {
  description = "Command that creates the database user and the tables, required once before the first run; it can be repeated."
  value       = one(module.etl[*].set_up_database)
}

output "run_by_hand" {
  description = "Command that runs a business date and prints its summary."
  value       = one(module.etl[*].run_by_hand)
}

output "follow_log" {
  description = "Command that follows the log."
  value       = one(module.etl[*].follow_log)
}

output "run_task" {
  description = "Command that starts the Fargate task for a business date; null without fargate."
  value       = one(module.etl[*].run_task)
}

output "dashboard" {
  description = "URL of the CloudWatch dashboard."
  value       = one(module.etl[*].dashboard)
}

output "glue_database" {
  description = "Database of the Glue Data Catalog with the exported tables; null without glue_catalog."
  value       = one(module.etl[*].glue_database)
}
