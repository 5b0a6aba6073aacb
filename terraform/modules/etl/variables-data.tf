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

  validation {
    condition     = var.source_bucket.create || var.source_bucket.name != null
    error_message = "Set source_bucket.name to the existing bucket if source_bucket.create is false."
  }
  validation {
    condition     = var.source_bucket.name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.source_bucket.name))
    error_message = "Set source_bucket.name to a valid bucket name: 3 to 63 lower-case letters, digits, dots and dashes."
  }
  validation {
    condition     = can(regex("^([A-Za-z0-9!_.'()=-]+(/[A-Za-z0-9!_.'()=-]+)*)?$", var.source_bucket.prefix))
    error_message = "Set source_bucket.prefix to a prefix without leading or trailing slash and without * and ?, such as \"incoming\" or \"shop/incoming\"."
  }
  validation {
    condition     = var.source_bucket.kms_key_arn == null || (!var.source_bucket.create && can(regex("^arn:[^:]+:kms:[^*]+:key/[^*]+$", var.source_bucket.kms_key_arn)))
    error_message = "Set source_bucket.kms_key_arn to the ARN of one key, and only for an existing bucket (create = false)."
  }
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

  validation {
    condition     = var.lake_bucket.create || var.lake_bucket.name != null
    error_message = "Set lake_bucket.name to the existing bucket if lake_bucket.create is false."
  }
  validation {
    condition     = var.lake_bucket.name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.lake_bucket.name))
    error_message = "Set lake_bucket.name to a valid bucket name: 3 to 63 lower-case letters, digits, dots and dashes."
  }
  validation {
    condition     = can(regex("^([A-Za-z0-9!_.'()=-]+(/[A-Za-z0-9!_.'()=-]+)*)?$", var.lake_bucket.prefix))
    error_message = "Set lake_bucket.prefix to a prefix without leading or trailing slash and without * and ?, such as \"warehouse\"."
  }
  validation {
    condition     = var.lake_bucket.keep_days >= 0
    error_message = "Set lake_bucket.keep_days to a number of days, or to 0 to keep all exports."
  }
  validation {
    condition     = var.lake_bucket.kms_key_arn == null || (!var.lake_bucket.create && can(regex("^arn:[^:]+:kms:[^*]+:key/[^*]+$", var.lake_bucket.kms_key_arn)))
    error_message = "Set lake_bucket.kms_key_arn to the ARN of one key, and only for an existing bucket (create = false)."
  }
}

variable "bucket_encryption" {
  description = "Encryption of the buckets of this deployment: \"aws:kms\" with the deployment's key, or \"AES256\" with keys of S3 (no charge per request)."
  type        = string
  default     = "aws:kms"

  validation {
    condition     = contains(["aws:kms", "AES256"], var.bucket_encryption)
    error_message = "Set bucket_encryption to \"aws:kms\" or \"AES256\"."
  }
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC of this deployment, /16 to /24."
  type        = string
  default     = "10.42.0.0/22"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 24, false)
    error_message = "Set vpc_cidr to an IPv4 range of /16 to /24, such as \"10.42.0.0/22\"."
  }
}

variable "availability_zones" {
  description = "Names of the two availability zones of the new VPC, such as [\"eu-central-1a\", \"eu-central-1b\"]. null takes the first two of the region, which can change for a new deployment."
  type        = list(string)
  default     = null

  validation {
    condition     = var.availability_zones == null ? true : length(distinct(var.availability_zones)) == 2 && alltrue([for zone in var.availability_zones : startswith(zone, local.region)])
    error_message = "Set availability_zones to the names of two zones of the region, such as [\"eu-central-1a\", \"eu-central-1b\"]."
  }
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

  validation {
    condition     = var.existing_network == null ? true : startswith(var.existing_network.vpc_id, "vpc-")
    error_message = "Set existing_network.vpc_id to the id of the VPC, vpc-…."
  }
  validation {
    condition     = var.existing_network == null ? true : length(distinct(var.existing_network.subnet_ids)) >= 2
    error_message = "Set existing_network.subnet_ids to at least two private subnets, in different zones."
  }
  validation {
    condition     = var.existing_network == null ? true : var.existing_network.endpoints.s3 != "new" || length(var.existing_network.route_table_ids) > 0
    error_message = "Give existing_network.route_table_ids, so that the new S3 endpoint is reachable, or set existing_network.endpoints.s3 to \"existing\" or \"none\"."
  }
  validation {
    condition     = var.existing_network == null ? true : alltrue([for way in values(var.existing_network.endpoints) : contains(["new", "existing", "none"], way)])
    error_message = "Set each of existing_network.endpoints to \"new\", \"existing\" or \"none\"."
  }
}

variable "idle" {
  description = <<-EOT
    What exists between runs: "ready" is an RDS instance and an SNS endpoint, always on. "zero" is an Aurora Serverless cluster that pauses, and a
    second function, outside the VPC, that publishes the messages; a start waits up to 90 seconds until the cluster has resumed.
  EOT
  type        = string
  default     = "ready"

  validation {
    condition     = contains(["ready", "zero"], var.idle)
    error_message = "Set idle to \"ready\" or \"zero\"."
  }
  validation {
    condition     = var.idle != "zero" || var.lake_bucket.create
    error_message = "Use a new lake_bucket if idle is \"zero\": the notifications that publish the messages would replace those of an existing bucket."
  }
  validation {
    condition     = var.idle != "zero" || var.fargate == null || try(var.existing_network.endpoints.fargate != "new", false)
    error_message = "Set fargate to null if idle is \"zero\", because its three endpoints are billed by the hour, or use an existing_network with endpoints.fargate = \"existing\" or \"none\"."
  }
  validation {
    condition     = var.idle != "zero" || var.existing_database != null || tonumber(var.database.engine_version) >= 14
    error_message = "Set database.engine_version to \"14\" or later if idle is \"zero\": earlier versions do not end idle sessions, which keep the database from pausing."
  }
  validation {
    condition     = var.idle != "zero" || !contains(var.database.log_exports, "upgrade")
    error_message = "Remove \"upgrade\" from database.log_exports if idle is \"zero\": Aurora has no such log."
  }
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

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", var.database.instance_class))
    error_message = "Set database.instance_class to a valid value, such as \"db.t4g.micro\"."
  }
  validation {
    condition     = can(regex("^(1[3-9]|[2-9][0-9])$", var.database.engine_version))
    error_message = "Set database.engine_version to a major version of PostgreSQL, \"13\" or later; RDS manages the minor version."
  }
  validation {
    condition     = var.database.storage_gb >= 20 && var.database.max_storage_gb > var.database.storage_gb
    error_message = "Set database.storage_gb to at least 20, and database.max_storage_gb to a higher value."
  }
  validation {
    condition     = var.database.max_acu >= 1 && var.database.max_acu <= 256
    error_message = "Set database.max_acu to a value from 1 to 256."
  }
  validation {
    condition     = var.database.pause_seconds >= 300 && var.database.pause_seconds <= 86400
    error_message = "Set database.pause_seconds to a value from 300 to 86400."
  }
  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "Set database.backup_days to a value from 1 to 35."
  }
  validation {
    condition     = length(setsubtract(var.database.log_exports, ["postgresql", "upgrade"])) == 0
    error_message = "Set database.log_exports to a list of \"postgresql\" and \"upgrade\"."
  }
  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database.name))
    error_message = "Set database.name to a name of lower-case letters, digits and underscores, beginning with a letter."
  }
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

  validation {
    condition     = var.existing_database == null ? true : can(regex("^(db|cluster)-[A-Z0-9]+$", var.existing_database.resource_id))
    error_message = "Set existing_database.resource_id to the DbiResourceId (db-…) or DbClusterResourceId (cluster-…) that `aws rds describe-db-instances` prints."
  }
  validation {
    condition     = var.existing_database == null ? true : can(regex("^[A-Za-z0-9.-]+$", var.existing_database.host))
    error_message = "Set existing_database.host to a host name without port and user."
  }
  validation {
    condition     = var.existing_database == null ? true : startswith(var.existing_database.security_group_id, "sg-")
    error_message = "Set existing_database.security_group_id to the id of the database's security group, sg-…."
  }
  validation {
    condition     = var.existing_database == null || var.existing_network != null
    error_message = "Set existing_network too: an existing database is reached from its own network."
  }
}

variable "database_user" {
  description = "Database user of the pipeline; docs/roles-iam.sql creates it."
  type        = string
  default     = "etl_loader"

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.database_user))
    error_message = "Set database_user to a name of lower-case letters, digits and underscores, such as \"etl_loader\". A * would allow the pipeline to log in as any user."
  }
}

variable "database_root_certificate" {
  description = "File in the image with the certificates of the RDS certificate authorities, used to verify the server. null uses the system's certificates."
  type        = string
  default     = "/app/certificates/rds.pem"
}
