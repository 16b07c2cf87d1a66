namespace Proofgate.Cedar.Scopes;

internal enum ConstraintKind
{
    Any,
    Equal,
    In,
    Is,
    IsIn,
}
