variable "name" {
  description = "Name of the deployment; every resource begins with it. Lower-case letters, digits and dashes, 2 to 20."
  type        = string
  default     = "etl"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "Give name as 2 to 20 lower-case letters, digits and dashes, beginning with a letter: \"etl\"."
  }
}

variable "region" {
  description = "AWS region that all of it lives in, such as eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Give region as AWS writes it, such as \"eu-central-1\"."
  }
}

variable "environment" {
  description = "Value of the tag environment."
  type        = string
  default     = "production"

  validation {
    condition     = length(var.environment) > 0
    error_message = "Give environment a value, such as \"production\"."
  }
}

variable "tags" {
  description = "Tags for every resource, beside application, environment and managed-by."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(["application", "environment", "managed-by"], keys(var.tags))) == 0
    error_message = "Leave application, environment and managed-by out of tags: name and environment set them."
  }
}

variable "allow_destroy" {
  description = "Whether terraform destroy may delete buckets with their objects and the database without a last snapshot. For trials; false protects both."
  type        = bool
  default     = false
}

variable "image_tag" {
  description = "Tag of the image in the registry: a version or a commit, pushed once, never moved."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.image_tag)) && lower(var.image_tag) != "latest"
    error_message = "Give image_tag the tag that was pushed, such as a version or a commit; \"latest\" would make every roll-back a guess."
  }
}

variable "settings" {
  description = "Further settings of the pipeline as environment variables, such as ETL__QUALITY__MAXREJECTEDPERCENT = \"2\"; see docs/configuration.md."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.settings) : can(regex("^ETL__[A-Z0-9_]+$", key))])
    error_message = "Write settings in capitals with double underscores: ETL__QUALITY__MAXREJECTEDPERCENT."
  }
  validation {
    condition     = length(setintersection(keys(var.settings), local.own_settings)) == 0
    error_message = "Leave out of settings what this configuration sets itself: ${join(", ", local.own_settings)}."
  }
  validation {
    condition     = !anytrue([for key in keys(var.settings) : strcontains(key, "PASSWORD")])
    error_message = "Settings can be read by whoever may see the function: no password belongs there; the database user logs in by IAM."
  }
}

variable "function" {
  description = <<-EOT
    The Lambda function: memory_mb (1769 is one whole processor), timeout_seconds (a run stops by itself 20 s before it), ephemeral_storage_mb,
    reserved_concurrency (1, or -1 for none where the account's limit is too small to reserve any), tracing (X-Ray).
  EOT
  type = object({
    memory_mb            = optional(number, 1769)
    timeout_seconds      = optional(number, 600)
    ephemeral_storage_mb = optional(number, 512)
    reserved_concurrency = optional(number, 1)
    tracing              = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.function.memory_mb >= 512 && var.function.memory_mb <= 10240
    error_message = "Give function.memory_mb between 512 and 10240."
  }
  validation {
    condition     = var.function.timeout_seconds >= 60 && var.function.timeout_seconds <= 900
    error_message = "Give function.timeout_seconds between 60 and 900; a run that needs longer is for Fargate: runner = \"fargate\"."
  }
  validation {
    condition     = var.function.ephemeral_storage_mb >= 512 && var.function.ephemeral_storage_mb <= 10240
    error_message = "Give function.ephemeral_storage_mb between 512 and 10240."
  }
  validation {
    condition     = contains([1, -1], var.function.reserved_concurrency)
    error_message = "Give function.reserved_concurrency 1, as runs come one after another, or -1 to reserve nothing."
  }
}

variable "runner" {
  description = "What the daily schedule starts: \"lambda\", or \"fargate\" for runs that outgrow 15 minutes."
  type        = string
  default     = "lambda"

  validation {
    condition     = contains(["lambda", "fargate"], var.runner)
    error_message = "Give runner \"lambda\" or \"fargate\"."
  }
  validation {
    condition     = var.runner != "fargate" || var.fargate != null
    error_message = "With runner = \"fargate\" give fargate too, fargate = {} for its defaults."
  }
}

variable "fargate" {
  description = "A Fargate task of the same image, by hand or (runner) by schedule: cpu in units (1024 is one processor) and memory_mb. null makes none."
  type = object({
    cpu       = optional(number, 1024)
    memory_mb = optional(number, 2048)
  })
  default = null

  validation {
    condition     = var.fargate == null ? true : contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.fargate.cpu)
    error_message = "Give fargate.cpu one of 256, 512, 1024, 2048, 4096, 8192, 16384."
  }
  validation {
    condition     = var.fargate == null ? true : var.fargate.memory_mb >= 512 && var.fargate.memory_mb <= 122880
    error_message = "Give fargate.memory_mb between 512 and 122880."
  }
}

variable "schedule" {
  description = <<-EOT
    When it runs: cron (six fields, EventBridge Scheduler's), time_zone (IANA; the business date is the schedule's own day there), enabled, retry_attempts and
    max_event_age_seconds (how often and for how long the scheduler tries to hand the run over).
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

  validation {
    condition     = can(regex("^[0-9,/-]+ [0-9]{1,2} \\S+ \\S+ \\S+ \\S+$", var.schedule.cron))
    error_message = "Give schedule.cron six fields, minutes hours day-of-month month day-of-week year, at one hour of the day: \"0 6 * * ? *\"."
  }
  validation {
    condition     = can(regex("^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$", var.schedule.time_zone))
    error_message = "Give schedule.time_zone an IANA name, such as \"Europe/Berlin\" or \"UTC\"."
  }
  validation {
    condition     = var.schedule.retry_attempts >= 0 && var.schedule.retry_attempts <= 10
    error_message = "Give schedule.retry_attempts between 0 and 10."
  }
  validation {
    condition     = var.schedule.max_event_age_seconds >= 60 && var.schedule.max_event_age_seconds <= 43200
    error_message = "Give schedule.max_event_age_seconds between 60 and 43200: a run of yesterday must not start today."
  }
}

variable "invocation" {
  description = "What Lambda does with a run that failed: retries (0 to 2; a retry of a day is safe) and max_event_age_seconds, after which it goes to the dead letters."
  type = object({
    retries               = optional(number, 1)
    max_event_age_seconds = optional(number, 3600)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([0, 1, 2], var.invocation.retries)
    error_message = "Give invocation.retries 0, 1 or 2."
  }
  validation {
    condition     = var.invocation.max_event_age_seconds >= 60 && var.invocation.max_event_age_seconds <= 21600
    error_message = "Give invocation.max_event_age_seconds between 60 and 21600."
  }
}

variable "marker_trigger" {
  description = "Whether an object _SUCCESS that arrives in the source starts a run at once, beside the schedule."
  type        = bool
  default     = false
}
