variable "source_bucket" {
  description = <<-EOT
    Where the snapshots arrive: prefix (a folder, "" for the bucket itself), dated (whether the day's files lie in PREFIX/yyyy-MM-dd), name (default
    NAME-source-ACCOUNT). create = false takes an existing bucket as it is, with the key that encrypts it (kms_key_arn), if any.
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
    error_message = "With source_bucket.create = false give source_bucket.name, the bucket that exists."
  }
  validation {
    condition     = var.source_bucket.name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.source_bucket.name))
    error_message = "Give source_bucket.name as S3 allows it: 3 to 63 lower-case letters, digits, dots and dashes."
  }
  validation {
    condition     = can(regex("^([A-Za-z0-9!_.'()=-]+(/[A-Za-z0-9!_.'()=-]+)*)?$", var.source_bucket.prefix))
    error_message = "Give source_bucket.prefix without a slash at its ends and without * and ?: \"incoming\" or \"shop/incoming\"."
  }
  validation {
    condition     = var.source_bucket.kms_key_arn == null || (!var.source_bucket.create && can(regex("^arn:[^:]+:kms:[^*]+:key/[^*]+$", var.source_bucket.kms_key_arn)))
    error_message = "Give source_bucket.kms_key_arn the ARN of one key, and only for a bucket that exists (create = false)."
  }
}

variable "lake_bucket" {
  description = <<-EOT
    Where exports go, below PREFIX/analytics_export: prefix ("" for the bucket itself), name (default NAME-lake-ACCOUNT), keep_days (how long the exports of
    single runs are kept; 0 for ever). create = false takes an existing bucket as it is, with the key that encrypts it (kms_key_arn), if any.
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
    error_message = "With lake_bucket.create = false give lake_bucket.name, the bucket that exists."
  }
  validation {
    condition     = var.lake_bucket.name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.lake_bucket.name))
    error_message = "Give lake_bucket.name as S3 allows it: 3 to 63 lower-case letters, digits, dots and dashes."
  }
  validation {
    condition     = can(regex("^([A-Za-z0-9!_.'()=-]+(/[A-Za-z0-9!_.'()=-]+)*)?$", var.lake_bucket.prefix))
    error_message = "Give lake_bucket.prefix without a slash at its ends and without * and ?: \"warehouse\"."
  }
  validation {
    condition     = var.lake_bucket.keep_days >= 0
    error_message = "Give lake_bucket.keep_days a number of days, or 0 to keep them."
  }
  validation {
    condition     = var.lake_bucket.kms_key_arn == null || (!var.lake_bucket.create && can(regex("^arn:[^:]+:kms:[^*]+:key/[^*]+$", var.lake_bucket.kms_key_arn)))
    error_message = "Give lake_bucket.kms_key_arn the ARN of one key, and only for a bucket that exists (create = false)."
  }
}

variable "bucket_encryption" {
  description = "Encryption of the buckets made here: \"aws:kms\" with the deployment's key, or \"AES256\" (S3's own keys, no charge by request)."
  type        = string
  default     = "aws:kms"

  validation {
    condition     = contains(["aws:kms", "AES256"], var.bucket_encryption)
    error_message = "Give bucket_encryption \"aws:kms\" or \"AES256\"."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC made here, a /16 to /24."
  type        = string
  default     = "10.42.0.0/22"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 24, false)
    error_message = "Give vpc_cidr as an IPv4 range of /16 to /24, such as \"10.42.0.0/22\"."
  }
}

variable "existing_network" {
  description = <<-EOT
    A VPC that exists, in place of one made here: vpc_id, subnet_ids (private, two zones), route_table_ids of those subnets, and create_endpoints: whether the S3
    and SNS endpoints are made here (false where the VPC has them, or another way out).
  EOT
  type = object({
    vpc_id           = string
    subnet_ids       = list(string)
    route_table_ids  = optional(list(string), [])
    create_endpoints = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.existing_network == null ? true : startswith(var.existing_network.vpc_id, "vpc-")
    error_message = "Give existing_network.vpc_id the VPC's id, vpc-…."
  }
  validation {
    condition     = var.existing_network == null ? true : length(distinct(var.existing_network.subnet_ids)) >= 2
    error_message = "Give existing_network.subnet_ids at least two private subnets, in different zones."
  }
  validation {
    condition     = var.existing_network == null ? true : !var.existing_network.create_endpoints || length(var.existing_network.route_table_ids) > 0
    error_message = "Give existing_network.route_table_ids, so that the S3 endpoint is reached, or create_endpoints = false where the VPC has its endpoints."
  }
}

variable "database" {
  description = <<-EOT
    The RDS PostgreSQL made here: instance_class, engine_version (major), storage_gb and max_storage_gb (it grows by itself), multi_az, performance_insights,
    backup_days, name. Its master password is kept and rotated by RDS in Secrets Manager.
  EOT
  type = object({
    instance_class       = optional(string, "db.t4g.micro")
    engine_version       = optional(string, "17")
    storage_gb           = optional(number, 20)
    max_storage_gb       = optional(number, 100)
    multi_az             = optional(bool, false)
    performance_insights = optional(bool, false)
    backup_days          = optional(number, 7)
    name                 = optional(string, "shop")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9]+$", var.database.instance_class))
    error_message = "Give database.instance_class as RDS names it, such as \"db.t4g.micro\"."
  }
  validation {
    condition     = can(regex("^(1[3-9]|[2-9][0-9])$", var.database.engine_version))
    error_message = "Give database.engine_version a major version of PostgreSQL from \"13\" on; RDS chooses and keeps up the minor one."
  }
  validation {
    condition     = var.database.storage_gb >= 20 && var.database.max_storage_gb > var.database.storage_gb
    error_message = "Give database.storage_gb at least 20, and database.max_storage_gb more than it."
  }
  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "Give database.backup_days between 1 and 35."
  }
  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database.name))
    error_message = "Give database.name in lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "existing_database" {
  description = <<-EOT
    An RDS or Aurora PostgreSQL that exists, in place of one made here: host (the instance's or cluster's own address), port, name, resource_id (db-… or cluster-…, which the right to log in names)
    and security_group_id, which is opened for the pipeline. IAM authentication and rds.force_ssl must be on.
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
    error_message = "Give existing_database.resource_id as `aws rds describe-db-instances` shows it under DbiResourceId (db-…), or DbClusterResourceId (cluster-…)."
  }
  validation {
    condition     = var.existing_database == null ? true : can(regex("^[A-Za-z0-9.-]+$", var.existing_database.host))
    error_message = "Give existing_database.host a host name alone, without port or user."
  }
  validation {
    condition     = var.existing_database == null ? true : startswith(var.existing_database.security_group_id, "sg-")
    error_message = "Give existing_database.security_group_id the id of the database's security group, sg-…."
  }
  validation {
    condition     = var.existing_database == null || var.existing_network != null
    error_message = "An existing database is reached from its own network: give existing_network too."
  }
}

variable "database_user" {
  description = "The one database user that the pipeline may log in as; docs/roles-iam.sql makes it."
  type        = string
  default     = "etl_loader"

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.database_user))
    error_message = "Give database_user in lower-case letters, digits and underscores: \"etl_loader\". A * would let the pipeline log in as anybody."
  }
}

variable "database_root_certificate" {
  description = "File in the image with the certificates of RDS' authorities, by which the pipeline verifies the server. null takes the system's."
  type        = string
  default     = "/app/certificates/rds.pem"
}
