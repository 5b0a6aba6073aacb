using Etl.Application.Runs;
using Etl.Domain.Runs;
using FluentValidation;
using MediatR;

namespace Etl.Application.Steps;

/// <summary>A command for one step of a run. It carries IDs and keys; rows stream inside the adapters.</summary>
public interface IStepCommand
{
    /// <summary>The run; null if there is none, or no ledger that records it.</summary>
    RunId? Run { get; }

    /// <summary>The run's attempt, from 1.</summary>
    int Attempt { get; }

    /// <summary>The step.</summary>
    Step Step { get; }
}

/// <summary>A command for one step of a run, with its result.</summary>
/// <typeparam name="TResult">The result, in counts.</typeparam>
public interface IStepCommand<out TResult> : IStepCommand, IRequest<TResult>
    where TResult : IStepResult;

/// <summary>The result of a step.</summary>
public interface IStepResult
{
    /// <summary>The result in one line, for log and ledger.</summary>
    string Detail { get; }

    /// <summary>Conditions that did not stop the step.</summary>
    IReadOnlyList<RunWarning> Warnings { get; }
}

/// <summary>The rules of every step command; a step with further rules derives from it.</summary>
/// <typeparam name="TCommand">The command.</typeparam>
internal class StepValidator<TCommand> : AbstractValidator<TCommand>
    where TCommand : IStepCommand
{
    public StepValidator() =>
        RuleFor(c => c.Attempt).GreaterThan(0).WithMessage("The attempt of a run must be 1 or more.");
}
