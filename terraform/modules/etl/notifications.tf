resource "aws_sns_topic" "etl" {
  name              = var.name
  kms_master_key_id = aws_kms_key.etl.arn
}

resource "aws_sns_topic_policy" "etl" {
  arn = aws_sns_topic.etl.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid       = "AlarmsAndBudget"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.etl.arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.etl.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      ], [for rule in aws_cloudwatch_event_rule.task_not_started : {
        # EventBridge supports no condition in the policy of a topic.
        Sid       = "TasksThatCannotStart"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.etl.arn
    }])
  })
}

# The footer of each mail has a link that unsubscribes anyone who clicks it. README.md describes how to protect an address.
resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.notify_emails)

  topic_arn = aws_sns_topic.etl.arn
  protocol  = "email"
  endpoint  = each.key
}
