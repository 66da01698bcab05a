using Orleans;

namespace OrleansRec.Contracts;

/// <summary>Which users of one shard a batch of lists is for.</summary>
/// <param name="UserIds">These users, in this order; null: all users with events, in the order of (hash, id).</param>
/// <param name="AfterUserId">Where all are asked for: begin after this user; null begins at the start.</param>
[GenerateSerializer, Immutable, Alias("rec.user-window")]
public sealed record UserWindow(string[]? UserIds, string? AfterUserId = null);

/// <summary>The list of one user.</summary>
/// <param name="UserId">The user.</param>
/// <param name="List">What the user would get alone.</param>
[GenerateSerializer, Immutable, Alias("rec.user-list")]
public readonly record struct UserList(string UserId, RecommendationList List);

/// <summary>Lists of the first users of a window; the caller asks again for those that are left.</summary>
/// <param name="Lists">At least one, unless the window has no users.</param>
/// <param name="IsEnd">Whether no user of the window is left.</param>
[GenerateSerializer, Immutable, Alias("rec.user-lists")]
public sealed record UserListsAnswer(UserList[] Lists, bool IsEnd);
