namespace Amazon.Lambda.Core;

/// <summary>The context of one invocation.</summary>
internal interface ILambdaContext
{
    /// <summary>The ID of the invocation.</summary>
    string AwsRequestId { get; }

    /// <summary>The function that was invoked.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>The time until Lambda ends the invocation.</summary>
    TimeSpan RemainingTime { get; }
}
