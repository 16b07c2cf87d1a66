namespace Proofgate.Identity.Tests.Vectors;

/// <summary>A test that reads published vectors; skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (VectorFolder.Path is null)
        {
            Skip = "No vectors: ../shared/vectors does not exist and PROOFGATE_VECTORS is not set.";
        }
    }
}
