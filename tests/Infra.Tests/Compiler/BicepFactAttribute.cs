namespace Proofgate.Infra.Tests.Compiler;

/// <summary>A test that needs the compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepFactAttribute : FactAttribute
{
    internal const string Reason = "The compiler's package that is referenced here is that of Linux on x64.";

    public BicepFactAttribute() => Skip = BicepCompiler.Runs ? null : Reason;
}
