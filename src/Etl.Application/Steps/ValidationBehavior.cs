using Etl.Application.Errors;
using FluentValidation;
using MediatR;

namespace Etl.Application.Steps;

/// <summary>Last in the order: a command that makes no sense never reaches its handler.</summary>
internal sealed class ValidationBehavior<TRequest, TResult>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
{
    public async Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    )
    {
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                throw new EtlException(
                    ErrorCode.Usage,
                    string.Join(" ", result.Errors.Select(e => e.ErrorMessage)),
                    "Correct the command and run it again; nothing was changed."
                );
            }
        }

        return await next();
    }
}
