using Etl.Application.Runs;
using FluentValidation;

namespace Etl.Application.Notify;

internal sealed class NotifyValidator : AbstractValidator<NotifyCommand>
{
    public NotifyValidator()
    {
        RuleFor(c => c.Run.Number).GreaterThan(0).WithMessage("A run's number is 1 or more.");
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("A run's attempts are counted from 1.");
        RuleFor(c => c.Summary.Status)
            .Must(s => s is not (SummaryStatus.AlreadyDone or SummaryStatus.InProgress))
            .WithMessage("Only a run that was worked on has a message.");
    }
}
