variable "name" {
  description = "Name of the deployment and prefix of every resource name: 2 to 20 lower-case letters, digits and dashes."
  type        = string
  default     = "etl"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "Set name to 2 to 20 lower-case letters, digits and dashes, beginning with a letter: \"etl\"."
  }
}

variable "image" {
  description = "URI of the image in a registry of AWS, with its digest (ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:...) or a fixed tag."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.[a-z.]+/[a-z0-9._/-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})$", var.image)) && !endswith(lower(var.image), ":latest")
    error_message = "Set image to the URI of an image in ECR with its digest or tag. \"latest\" is not allowed, because roll-back needs a fixed image."
  }
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

  validation {
    condition     = alltrue([for key in keys(var.settings) : can(regex("^ETL__[A-Z0-9_]+$", key))])
    error_message = "Write the names of settings in upper case with double underscores, such as ETL__QUALITY__MAXREJECTEDPERCENT."
  }
  validation {
    condition     = length(setintersection(keys(var.settings), local.own_settings)) == 0
    error_message = "Remove from settings what this configuration sets: ${join(", ", local.own_settings)}."
  }
  validation {
    condition     = !anytrue([for key in keys(var.settings) : strcontains(key, "PASSWORD")])
    error_message = "Remove passwords from settings: anyone who can view the function can read them. The database user logs in with an IAM token."
  }
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

  validation {
    condition     = var.function.memory_mb >= 512 && var.function.memory_mb <= 10240
    error_message = "Set function.memory_mb to a value from 512 to 10240."
  }
  validation {
    condition     = var.function.timeout_seconds >= 60 && var.function.timeout_seconds <= 900
    error_message = "Set function.timeout_seconds to a value from 60 to 900. For longer runs set runner = \"fargate\"."
  }
  validation {
    condition     = var.function.ephemeral_storage_mb >= 512 && var.function.ephemeral_storage_mb <= 10240
    error_message = "Set function.ephemeral_storage_mb to a value from 512 to 10240."
  }
  validation {
    condition     = contains([1, -1], var.function.reserved_concurrency)
    error_message = "Set function.reserved_concurrency to 1, because runs do not overlap, or to -1 to reserve none."
  }
  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.function.log_level)
    error_message = "Set function.log_level to TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  }
}

variable "runner" {
  description = "Target of the daily schedule: \"lambda\", or \"fargate\" for runs longer than 15 minutes."
  type        = string
  default     = "lambda"

  validation {
    condition     = contains(["lambda", "fargate"], var.runner)
    error_message = "Set runner to \"lambda\" or \"fargate\"."
  }
  validation {
    condition     = var.runner != "fargate" || var.fargate != null
    error_message = "Set fargate too if runner is \"fargate\": fargate = {} uses the defaults."
  }
}

variable "fargate" {
  description = "A Fargate task with the same image, started manually or by the schedule (see runner): cpu in units (1024 is one vCPU) and memory_mb. null creates none."
  type = object({
    cpu       = optional(number, 1024)
    memory_mb = optional(number, 2048)
  })
  default = null

  validation {
    condition     = var.fargate == null ? true : contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.fargate.cpu)
    error_message = "Set fargate.cpu to one of 256, 512, 1024, 2048, 4096, 8192, 16384."
  }
  validation {
    condition     = var.fargate == null ? true : contains(try(local.fargate_memory[tostring(var.fargate.cpu)], [var.fargate.memory_mb]), var.fargate.memory_mb)
    error_message = "Set fargate.memory_mb to a value that Fargate offers for fargate.cpu: 512 to 2048 for 256 units (512, 1024, 2048), 1 to 4 GB for 512, 2 to 8 GB for 1024, 4 to 16 GB for 2048, 8 to 30 GB for 4096 (multiples of 1024), 16 to 60 GB for 8192 (of 4096), 32 to 120 GB for 16384 (of 8192)."
  }
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

  validation {
    condition     = contains(range(11), var.loaders.tasks)
    error_message = "Set loaders.tasks to a whole number from 0 to 10, which is the most that a rule starts."
  }
  validation {
    condition     = var.loaders.tasks == 0 || var.fargate != null
    error_message = "Set fargate too if there are loaders: fargate = {} uses the defaults. Loaders run in its cluster and need its endpoints."
  }
  validation {
    condition     = var.loaders.tasks == 0 || lookup(var.settings, "ETL__RUN__LOADERS", "1") != "0"
    error_message = "Remove ETL__RUN__LOADERS = \"0\" from settings, or set loaders.tasks to 0: a run that does not share its parts requests no loaders."
  }
  validation {
    condition     = contains(try(local.fargate_memory[tostring(var.loaders.cpu)], []), var.loaders.memory_mb)
    error_message = "Set loaders.cpu and loaders.memory_mb to a pair that Fargate offers, as for fargate: 1024 units with 2 to 8 GB."
  }
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

  validation {
    condition     = can(regex("^[0-9,/-]+ [0-9]{1,2} \\S+ \\S+ \\S+ \\S+$", var.schedule.cron))
    error_message = "Set schedule.cron to six fields (minutes hours day-of-month month day-of-week year) at one hour of the day, such as \"0 6 * * ? *\"."
  }
  validation {
    condition     = can(regex("^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$", var.schedule.time_zone))
    error_message = "Set schedule.time_zone to an IANA name, such as \"Europe/Berlin\" or \"UTC\"."
  }
  validation {
    condition = !anytrue([
      for zones, hours in {
        "Europe/"          = [1, 2, 3], "Atlantic/" = [0, 1, 2], "America/" = [2], "US/" = [2], "Canada/" = [2], "Australia/" = [2], "Antarctica/" = [2]
        "Pacific/Auckland" = [2], "Asia/Jerusalem" = [2], "Asia/Beirut" = [0], "Africa/Cairo" = [0], "America/Havana" = [0], "America/Santiago" = [0]
      } : startswith(var.schedule.time_zone, zones) && contains(hours, try(tonumber(split(" ", var.schedule.cron)[1]), -1))
    ])
    error_message = "Set schedule.cron to another hour, such as 4 to 23: on the day on which clocks go forward this hour does not exist in zones such as schedule.time_zone, and no run would start. In \"UTC\" every hour exists."
  }
  validation {
    condition     = var.schedule.retry_attempts >= 0 && var.schedule.retry_attempts <= 10
    error_message = "Set schedule.retry_attempts to a value from 0 to 10."
  }
  validation {
    condition     = var.schedule.max_event_age_seconds >= 60 && var.schedule.max_event_age_seconds <= 43200
    error_message = "Set schedule.max_event_age_seconds to a value from 60 to 43200, so that a start of one day is not delivered on the next."
  }
}

variable "invocation" {
  description = "Retries of a failed invocation by Lambda: retries (0 to 2; a rerun of a day is safe) and max_event_age_seconds, after which the event goes to the dead-letter queue."
  type = object({
    retries               = optional(number, 1)
    max_event_age_seconds = optional(number, 3600)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([0, 1, 2], var.invocation.retries)
    error_message = "Set invocation.retries to 0, 1 or 2."
  }
  validation {
    condition     = var.invocation.max_event_age_seconds >= 60 && var.invocation.max_event_age_seconds <= 21600
    error_message = "Set invocation.max_event_age_seconds to a value from 60 to 21600."
  }
}

variable "marker_trigger" {
  description = "Whether the marker (_SUCCESS, or the setting ETL__DELIVERY__MARKER) that arrives in the source starts a run, in addition to the schedule."
  type        = bool
  default     = false
}
