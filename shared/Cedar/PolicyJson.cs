using System.Buffers;
using System.Text;
using Proofgate.Cedar.Json;

namespace Proofgate.Cedar;

/// <summary>Cedar's JSON format for policies (docs.cedarpolicy.com, "JSON policy format"): one policy or template, or a set of them with its links.
/// Reading is bounded by <see cref="CedarLimits.JsonLength"/>, <see cref="CedarLimits.ExpressionHeight"/> <see cref="CedarLimits.PolicyJsonDepth"/> and <see cref="CedarLimits.Policies"/>, and an error
/// names its path. What is written is canonical as in <see cref="CedarJson"/>; a chain of <c>&amp;&amp;</c> or <c>||</c> is nested on the left, as Cedar has it.</summary>
/// <remarks>Policies that were read from JSON have no positions: all say <see cref="SourcePosition.Start"/>, and <see cref="Policy.Source"/> is their JSON.
/// Cedar's own readers refuse more than 128 levels of JSON, which is about sixty operators inside one another; this one does not.</remarks>
public static class PolicyJson
{
    /// <summary>Reads <c>{"staticPolicies":{id:..},"templates":{id:..},"templateLinks":[..]}</c>; a part may be left out.</summary>
    public static PolicySetResult Parse(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        var (policies, error) = JsonReader.ReadPolicies(utf8, fileName, (reader, root) => reader.PolicySet(root, fileName));
        return policies is null ? new PolicySetResult.Failed([error!]) : PolicySet.Of(policies);
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, string?)"/>
    public static PolicySetResult Parse(string json, string? fileName = null) => Parse(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>Reads one policy or template: <c>{"effect":..,"principal":..,"action":..,"resource":..,"conditions":[..],"annotations":{..}}</c>.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="id">The policy's id, which the format keeps outside of it.</param>
    /// <param name="fileName">For errors and <see cref="Policy.FileName"/>.</param>
    public static PolicyResult ParsePolicy(ReadOnlyMemory<byte> utf8, string id, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        var (policy, error) = JsonReader.ReadPolicies(utf8, fileName, (reader, root) => reader.Policy(root, id, fileName));
        return policy is null ? new PolicyResult.Failed([error!]) : new PolicyResult.Parsed(policy);
    }

    /// <inheritdoc cref="ParsePolicy(ReadOnlyMemory{byte}, string, string?)"/>
    public static PolicyResult ParsePolicy(string json, string id, string? fileName = null) => ParsePolicy(Encoding.UTF8.GetBytes(json), id, fileName);

    /// <exception cref="ArgumentException">A string is not valid UTF-16.</exception>
    /// <exception cref="InsufficientExecutionStackException">An expression is too deep for the stack that is left; a thread's usual 1.5 MiB suffice.</exception>
    public static void Write(IBufferWriter<byte> output, PolicySet policies) => new CanonicalWriter(output).PolicySet(policies);

    /// <summary>A linked policy is written with the values of its slots.</summary>
    /// <exception cref="ArgumentException">A string is not valid UTF-16.</exception>
    public static void Write(IBufferWriter<byte> output, Policy policy) => new CanonicalWriter(output).Policy(policy);

    /// <inheritdoc cref="Write(IBufferWriter{byte}, PolicySet)"/>
    public static string Write(PolicySet policies)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, policies);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Policy)"/>
    public static string Write(Policy policy)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, policy);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
