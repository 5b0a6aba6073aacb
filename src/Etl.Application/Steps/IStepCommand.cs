using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Steps;

/// <summary>A command that does one step of a run. It carries ids and keys; rows stream inside the adapters.</summary>
/// <typeparam name="TResult">What the step found, in counts.</typeparam>
public interface IStepCommand<out TResult> : IRequest<TResult>
    where TResult : IStepResult
{
    /// <summary>The run.</summary>
    RunId Run { get; }

    /// <summary>The run's attempt, from 1.</summary>
    int Attempt { get; }

    /// <summary>The step.</summary>
    Step Step { get; }
}

/// <summary>What a step found.</summary>
public interface IStepResult
{
    /// <summary>The result in a few words, for log and ledger.</summary>
    string Detail { get; }

    /// <summary>What people should know although the step went well.</summary>
    IReadOnlyList<string> Warnings { get; }
}
