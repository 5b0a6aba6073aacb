variable "notify_emails" {
  description = "Addresses that get the message of each run and the alarms. Each must confirm AWS' mail once."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.notify_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Give notify_emails as a list of mail addresses: [\"data@example.com\"]."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Give log_retention_days a number that CloudWatch knows: 7, 14, 30, 60, 90, 180, 365, 731, ….; never is not one of them."
  }
}

variable "success_alarm_hours" {
  description = "Hours without a succeeded run after which an alarm is raised. Some more than a day, so that a run that takes a while longer than yesterday's raises none."
  type        = number
  default     = 26

  validation {
    condition     = var.success_alarm_hours >= 24 && var.success_alarm_hours <= 168 && floor(var.success_alarm_hours) == var.success_alarm_hours
    error_message = "Give success_alarm_hours a whole number between 24 and 168, the longest that CloudWatch looks back."
  }
}

variable "monthly_budget_usd" {
  description = "Costs in a month, in US dollars, of which 80 % spent or 100 % forecast are told. 0 makes no budget."
  type        = number
  default     = 50

  validation {
    condition     = var.monthly_budget_usd >= 0
    error_message = "Give monthly_budget_usd a sum in US dollars, or 0 for no budget."
  }
}
