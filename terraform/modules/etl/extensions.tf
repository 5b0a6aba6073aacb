# Extensions in a bucket are read when a process starts: a listing of their folder, then each file. A folder of the image needs
# no permission.
locals {
  bucket_folder = "^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([A-Za-z0-9!_.'()=-]+(?:/[A-Za-z0-9!_.'()=-]+)*)$"

  extension_folders = [for folder in try([regex(local.bucket_folder, var.extensions.directory)], []) : {
    bucket_arn = "arn:${local.partition}:s3:::${folder[0]}"
    prefix     = "${folder[1]}/"
  }]
  extension_settings = var.extensions == null ? {} : { ETL__EXTENSIONS__DIRECTORY = var.extensions.directory }

  extension_statements = flatten([for folder in local.extension_folders : [
    {
      Sid       = "ListExtensions"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = folder.bucket_arn
      Condition = { StringEquals = { "s3:prefix" = folder.prefix } }
    },
    {
      Sid      = "ReadExtensions"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${folder.bucket_arn}/${folder.prefix}*"
    },
  ]])
}
