output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.etl.function_name
}

output "function_role" {
  description = "ARN of the role under which a run works."
  value       = aws_iam_role.function.arn
}

output "topic" {
  description = "ARN of the SNS topic for run messages and alarms."
  value       = aws_sns_topic.etl.arn
}

output "source_uri" {
  description = "S3 location of the daily snapshots."
  value       = local.source_uri
}

output "lake_uri" {
  description = "S3 location of the exports."
  value       = local.lake_uri
}

output "database" {
  description = "Host, port, name and user of the database; ARN of its cluster (null for an instance); its administrator, and the ARN of the secret with the administrator's password (null for an existing database)."
  value = {
    host          = local.database.host
    port          = local.database.port
    name          = local.database.name
    user          = var.database_user
    cluster       = one(aws_rds_cluster.etl[*].arn)
    admin         = local.own_database ? local.database_admin : null
    master_secret = local.database.master_secret
  }
}

output "set_up_database" {
  description = "Command that creates the database user and the tables, required once before the first run; it can be repeated."
  value = local.own_database ? join(" ", [
    "aws secretsmanager get-secret-value --region ${local.region} --secret-id '${coalesce(local.database.master_secret, "?")}' --query SecretString --output text |",
    "sed 's/.*/{\"setup\":&}/' |",
    "aws lambda invoke --region ${local.region} --function-name ${var.name} --cli-read-timeout ${var.function.timeout_seconds + 10} --payload fileb:///dev/stdin /dev/stdout",
  ]) : "As an administrator of ${local.database.host}: psql -d ${local.database.name} -c \"set etl.loader = '${var.database_user}'\" -f docs/roles-iam.sql"
}

output "run_by_hand" {
  description = "Command that runs a business date and prints its summary."
  value       = "aws lambda invoke --region ${local.region} --function-name ${var.name} --cli-read-timeout ${var.function.timeout_seconds + 10} --cli-binary-format raw-in-base64-out --payload '{\"date\":\"yyyy-MM-dd\"}' /dev/stdout"
}

output "follow_log" {
  description = "Command that follows the log."
  value       = "aws logs tail ${local.log_group} --region ${local.region} --follow"
}

output "run_task" {
  description = "Command that starts the Fargate task for a business date; null without fargate."
  value = var.fargate == null ? null : join(" ", [
    "aws ecs run-task --region ${local.region} --cluster ${var.name} --task-definition ${var.name} --launch-type FARGATE",
    "--network-configuration 'awsvpcConfiguration={subnets=[${join(",", local.subnet_ids)}],securityGroups=[${aws_security_group.runner.id}],assignPublicIp=DISABLED}'",
    "--overrides '{\"containerOverrides\":[{\"name\":\"etl\",\"command\":[\"run\",\"--date\",\"yyyy-MM-dd\",\"--json\"]}]}'",
  ])
}

output "dashboard" {
  description = "URL of the CloudWatch dashboard."
  value       = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards/dashboard/${var.name}"
}

output "glue_database" {
  description = "Database of the Glue Data Catalog with the exported tables; null without glue_catalog."
  value       = one(aws_glue_catalog_database.etl[*].name)
}
