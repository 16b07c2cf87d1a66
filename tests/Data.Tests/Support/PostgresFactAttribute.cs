namespace Proofgate.Data.Tests.Support;

/// <summary>Runs where PostgreSQL's server is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Folder is null)
        {
            Skip = "PostgreSQL's server is not installed: apt-get install -y postgresql";
        }
    }
}
