namespace Proofgate.Infra.Tests.Compiler;

/// <summary>Tests that need the compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = BicepCompiler.Runs ? null : BicepFactAttribute.Reason;
}
