using Microsoft.Extensions.Options;

namespace Proofgate.Outbound;

/// <summary>Every error of <see cref="OutboundOptions"/> at once.</summary>
internal sealed class OutboundOptionsCheck : IValidateOptions<OutboundOptions>
{
    public ValidateOptionsResult Validate(string? name, OutboundOptions options) =>
        options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
