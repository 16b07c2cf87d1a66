namespace Proofgate.Inference.Models;

/// <summary>What a model's tokens cost: millionths of the currency for a million tokens, which is the price as the bundle states it.</summary>
/// <param name="Input">For a million tokens of a prompt.</param>
/// <param name="Output">For a million tokens of an answer.</param>
public sealed record ModelPrice(decimal Input, decimal Output)
{
    /// <summary>Highest price for a million tokens.</summary>
    public const decimal Max = 1_000_000;

    /// <summary>In millionths of the currency, rounded up: what is counted is never less than what was used.</summary>
    public long Of(long inputTokens, long outputTokens) => (long)Math.Ceiling((inputTokens * Input) + (outputTokens * Output));
}
