namespace Proofgate.Audit.Tests.Doubles;

/// <summary>A fact that needs the published vectors.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (Vectors.Folder is null)
            Skip = "The vectors are not here; set PROOFGATE_VECTORS to their folder.";
    }
}
