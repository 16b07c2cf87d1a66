namespace Proofgate.Enforcement;

/// <summary>Which session a caller wants a call to be of.</summary>
public readonly record struct SessionChoice
{
    /// <summary>What asks for a session that begins with the call.</summary>
    public const string New = "new";

    private SessionChoice(SessionId? id, bool isNew) => (Id, IsNew) = (id, isNew);

    /// <summary>Null where it is to begin, and where what was named can be no session's id: such a call is refused as one of an unknown session is.</summary>
    public SessionId? Id { get; }

    public bool IsNew { get; }

    /// <summary>The session of a call, for a part of it that has a decision of its own.</summary>
    public static SessionChoice? Of(SessionId? id) => id is null ? null : new(id, isNew: false);

    /// <param name="text"><see cref="New"/>, or an id.</param>
    public static SessionChoice Of(string text) => text == New ? new(null, isNew: true) : new(SessionId.TryParse(text, out var id) ? id : null, isNew: false);
}
