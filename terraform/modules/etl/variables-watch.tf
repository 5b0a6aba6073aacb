variable "notify_emails" {
  description = "Mail addresses for run messages and alarms. Each address must confirm the subscription once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.notify_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Set notify_emails to a list of mail addresses: [\"data@example.com\"]."
  }
}

variable "log_retention_days" {
  description = "Retention of the logs in days."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Set log_retention_days to a period that CloudWatch supports, such as 7, 14, 30, 60, 90, 180, 365 or 731. Unlimited retention is not allowed."
  }
}

variable "outcome_alarm_hours" {
  description = "Hours without the outcome of a run, a success or a reported failure, before the alarm. Use more than 24, so that a run that is slower than the day before raises none. null: 26 for a daily schedule, 74 for one from Monday to Friday."
  type        = number
  default     = null

  validation {
    condition     = var.outcome_alarm_hours == null ? true : var.outcome_alarm_hours >= 24 && var.outcome_alarm_hours <= 168 && floor(var.outcome_alarm_hours) == var.outcome_alarm_hours
    error_message = "Set outcome_alarm_hours to a whole number from 24 to 168, the longest period that CloudWatch evaluates."
  }
  validation {
    condition     = var.outcome_alarm_hours != null || local.default_alarm_hours != null
    error_message = "Set outcome_alarm_hours to the longest time between two runs of schedule.cron, and two hours more."
  }
}

variable "monthly_budget_usd" {
  description = "Monthly budget in US dollars; a notification is sent at 80 % of actual and 100 % of forecast costs. 0 creates no budget."
  type        = number
  default     = 50

  validation {
    condition     = var.monthly_budget_usd >= 0
    error_message = "Set monthly_budget_usd to an amount in US dollars, or to 0 for no budget."
  }
}
