namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>What the platform says of one invocation; the names are those of Amazon.Lambda.Core.</summary>
internal interface ILambdaContext
{
    /// <summary>The invocation's id.</summary>
    string AwsRequestId { get; }

    /// <summary>The function that was invoked.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>Time until the platform ends the invocation.</summary>
    TimeSpan RemainingTime { get; }
}
