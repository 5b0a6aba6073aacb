output "url" {
  description = "URL of the registry."
  value       = aws_ecr_repository.etl.repository_url
  # Lambda pulls the image when it creates a function.
  depends_on = [aws_ecr_repository_policy.etl]
}
