namespace Proofgate.Identity;

/// <summary>A person or an application; decides the Cedar entity type of the principal.</summary>
public enum SubjectKind
{
    User,
    Client,
}
